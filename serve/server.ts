import { RecotemError } from "../core/errors.ts";
import { deadline } from "../core/std/async.ts";
import { RunningRequests } from "./running_requests.ts";
import { createService, type ServiceOptions } from "./service.ts";
import type { Settings } from "./settings.ts";

const WATCHER_JOIN_MS = 5000;
/** A request may take this time to come, and at most twice that. */
const SLOW_MS = 15_000;
/** Least time to send answers that are made. */
const SEND_MS = 1000;

/** A server that answers. */
export interface RunningServer {
  readonly address: Deno.NetAddr;
  /** Lets running requests end for up to the drain time, takes no more of them, and cuts off what is not over then. */
  stop(): Promise<void>;
}

/**
 * Loads what can be loaded, then listens.
 *
 * @throws {RecotemError} `config_error`, reason `bind`, when the address is taken or not to be had; `recipe_error` when
 * the folder of recipes cannot be read.
 */
export async function startServer(
  settings: Settings,
  options: ServiceOptions,
): Promise<RunningServer> {
  const { app, watcher, events } = await createService(settings, options);
  const running = new RunningRequests();
  const server = listen(settings, running.track(app.fetch));
  const looks = setInterval(() => running.refuseSlow(), SLOW_MS);
  const watching = watcher.run();
  return {
    address: server.addr,
    async stop() {
      const drainSeconds = settings.variables.RECOTEM_DRAIN_SECONDS;
      events.info("serve_shutdown", { drain_seconds: drainSeconds });
      clearInterval(looks);
      watcher.stop();
      const end = performance.now() + 1000 * drainSeconds;
      // Before, because shutdown() takes from running requests the bodies that have not come yet.
      await within(1000 * drainSeconds, running.settled());
      const left = Math.max(SEND_MS, end - performance.now());
      await within(left, server.shutdown());
      await within(WATCHER_JOIN_MS, watching, () => {
        events.warn("artifact_watcher_join_timeout");
      });
    },
  };
}

function listen(
  { host, port, reusePort }: Settings,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(
      { hostname: host, port, reusePort, onListen: () => {} },
      handler,
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.name : "unknown error";
    throw new RecotemError(
      "config_error",
      `Cannot listen on ${host} port ${port} (${reason}): choose another address, or free this one`,
      { cause, details: { reason: "bind" } },
    );
  }
}

/** Waits for `promise`, at most `ms`; then does `otherwise`. */
async function within(
  ms: number,
  promise: Promise<void>,
  otherwise: () => void = () => {},
): Promise<void> {
  try {
    await deadline(promise, ms);
  } catch {
    otherwise();
  }
}
