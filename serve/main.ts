/**
 * The serving process: recipes and artifacts in, answers over HTTP out. Knows nothing of training.
 *
 * Runs with `--allow-read` for the recipes and artifacts, `--allow-net` for its own address and
 * `--allow-env=RECOTEM_*`.
 *
 * @module
 */
import { SERVE } from "../core/config/commands.ts";
import { describeFailure } from "../core/config/describe_failure.ts";
import type { Events } from "../core/config/events.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { startLogging } from "../core/config/start_logging.ts";
import { RecotemError } from "../core/errors.ts";
import { servingEnvironment } from "./serving_environment.ts";
import { announcePosture } from "./posture.ts";
import { type RunningServer, startServer } from "./server.ts";
import { readSettings, type Settings } from "./settings.ts";
import { verificationKeys } from "./verification_keys.ts";

const UNSAFE_REMINDER_MS = 60_000;

/**
 * Serves until SIGTERM or SIGINT.
 *
 * @param argv The arguments of `recotem serve`.
 * @returns The exit code: 0 after a stop that was asked for; failures are told to the events.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let events: Events | null = null;
  try {
    const args = parseArguments(SERVE, argv);
    if (args === "help") {
      await Deno.stdout.write(new TextEncoder().encode(commandHelp(SERVE)));
      return 0;
    }
    events = startLogging(Deno.env, { unknownFormat: "refuse" });
    const settings = readSettings(args.flags, servingEnvironment(), events);
    const stopAsked = nextStopSignal();
    const server = await start(settings, events);
    const { hostname, port } = server.address;
    events.info("serve_listening", { host: hostname, port });
    const reminder = remindOfUnsafeFlags(settings, events);
    await stopAsked;
    clearInterval(reminder);
    await server.stop();
    events.info("serve_terminated");
    return 0;
  } catch (error) {
    return tellFailure(error, events);
  }
}

async function start(
  settings: Settings,
  events: Events,
): Promise<RunningServer> {
  const { keys, status, error } = verificationKeys(settings, events);
  announcePosture(settings, keys, status, events);
  if (error !== null) throw error;
  if (keys === null) events.warn("signing_key_verification_disabled");
  return await startServer(settings, { keys, env: Deno.env, events });
}

/** From the call on, the signals no longer end the process at once, not even while it starts. */
function nextStopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(signal, () => resolve());
  }
  return promise;
}

function remindOfUnsafeFlags(
  settings: Settings,
  events: Events,
): ReturnType<typeof setInterval> {
  const remind = () => {
    if (settings.insecureNoAuth) events.warn("INSECURE_NO_AUTH_ACTIVE");
    if (settings.unsigned) events.warn("DEV_ALLOW_UNSIGNED_ACTIVE");
  };
  remind();
  return setInterval(remind, UNSAFE_REMINDER_MS);
}

function tellFailure(error: unknown, events: Events | null): number {
  const { exitCode, text } = describeFailure(error);
  if (events === null) {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } else {
    const refusal = error instanceof RecotemError ? error : null;
    const bind = refusal?.details.reason === "bind";
    events.error(bind ? "serve_bind_failed" : "serve_startup_failed", {
      code: refusal?.code ?? "internal_error",
      exit_code: exitCode,
      error: text.trimEnd(),
    });
  }
  return exitCode;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
