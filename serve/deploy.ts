/**
 * The serving process for a host that brings its own listener: Deno Deploy, and `deno serve serve/deploy.ts`. Settings
 * are the variables of `recotem serve`; recipes lie in `RECOTEM_RECIPES`, or in `recipes`. Artifacts are looked at when a
 * request comes, at most every `RECOTEM_WATCH_INTERVAL` seconds, and never by a timer.
 *
 * Such a host listens on all addresses, so API keys are needed unless `RECOTEM_ENV` is development, dev or test.
 *
 * Runs with `--allow-read` for the recipes and artifacts, `--allow-env=RECOTEM_*`, and for artifacts in an object store
 * `--allow-net` for its host and `--allow-env` for its variables. It writes nothing.
 *
 * @module
 */
import { SERVE } from "../core/config/commands.ts";
import { describeFailure } from "../core/config/describe_failure.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { startLogging } from "../core/config/start_logging.ts";
import { RecotemError } from "../core/errors.ts";
import { deadline, delay } from "../core/std/async.ts";
import { LookOnRequest } from "./look_on_request.ts";
import { announcePosture } from "./posture.ts";
import { RunningRequests } from "./running_requests.ts";
import { createService } from "./service.ts";
import { readSettings, type Settings } from "./settings.ts";
import { servingEnvironment } from "./serving_environment.ts";
import { verificationKeys } from "./verification_keys.ts";

/** Less than the five seconds after which Deno Deploy kills a process that it has asked to stop. */
const MOST_DRAIN_SECONDS = 4;
/** Time to send answers that are made. */
const SEND_MS = 100;

const server: Deno.ServeDefaultExport = await start();
export default server;

async function start(): Promise<Deno.ServeDefaultExport> {
  const events = startLogging(Deno.env, { unknownFormat: "refuse" });
  const env = servingEnvironment();
  try {
    const settings = hostedSettings();
    const { keys, status, error } = verificationKeys(settings, events);
    announcePosture(settings, keys, status, events);
    if (error !== null) throw error;
    const service = await createService(settings, { keys, env, events });
    const now = () => performance.now();
    const interval = settings.variables.RECOTEM_WATCH_INTERVAL;
    const look = new LookOnRequest(service.watcher, interval, now);
    const running = new RunningRequests();
    const answer = running.track(service.app.fetch);
    stopOnSignal(running, settings);
    return {
      fetch(request, info) {
        look.due();
        return answer(request, info as Deno.ServeHandlerInfo<Deno.NetAddr>);
      },
    };
  } catch (error) {
    const { exitCode, text } = describeFailure(error);
    events.error("serve_startup_failed", {
      code: error instanceof RecotemError ? error.code : "internal_error",
      exit_code: exitCode,
      error: text.trimEnd(),
    });
    Deno.exit(exitCode);
  }

  function hostedSettings(): Settings {
    const args = parseArguments(SERVE, []);
    if (args === "help") throw new TypeError("No help was asked for");
    const recipes = env.get("RECOTEM_RECIPES") ?? "recipes";
    const settings = {
      ...readSettings({ ...args.flags, recipes }, env, events),
      host: "*",
    };
    if (settings.apiKeys.length > 0 || settings.adapters.platform) {
      return settings;
    }
    if (settings.development) return { ...settings, insecureNoAuth: true };
    throw new RecotemError(
      "config_error",
      "RECOTEM_API_KEYS is not set, and this server cannot choose the address it listens on: set it, or RECOTEM_ENV to development where anyone may ask",
    );
  }

  /** Lets running requests end, for as long as the host waits. */
  function stopOnSignal(running: RunningRequests, settings: Settings): void {
    const seconds = Math.min(
      settings.variables.RECOTEM_DRAIN_SECONDS,
      MOST_DRAIN_SECONDS,
    );
    async function stop(): Promise<void> {
      events.info("serve_shutdown", { drain_seconds: seconds });
      await deadline(running.settled(), 1000 * seconds).catch(() => {});
      await delay(SEND_MS);
      events.info("serve_terminated");
      Deno.exit(0);
    }
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      Deno.addSignalListener(signal, stop);
    }
  }
}
