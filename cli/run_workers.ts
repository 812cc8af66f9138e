import type { Events } from "../core/config/events.ts";
import { delay } from "../core/std/async.ts";
import {
  forwardSignals,
  type Program,
  sandboxedCommand,
  sendSignal,
} from "./sandbox.ts";

/** Whoever has run for so long had started. */
const STARTED_MS = 10_000;
const FIRST_WAIT_MS = 500;
const LAST_WAIT_MS = 30_000;

/** How a worker ended. */
interface End {
  /** Null when there was no process, as for want of memory. */
  readonly code: number | null;
  readonly signal: Deno.Signal | null;
  /** Why there was no process. */
  readonly error?: Error;
}

/**
 * Runs programs side by side, in sandboxes, until a signal asks to stop, which goes through to all. One that ends is
 * started again: after half a second, and after twice as long each time that it ends soon after or cannot be started. One
 * that cannot start the first time, as where the port is taken, ends them all.
 *
 * This process gives up all permissions but that to run deno.
 *
 * @returns The exit code: of the program that could not start, or of the first that ended with one above 0 when it was
 * asked to stop.
 * @throws {RecotemError} `recipe_error` when a permission cannot be written as a flag.
 */
export async function runWorkers(
  programs: readonly Program[],
  events: Events,
): Promise<number> {
  const running = new Set<Deno.ChildProcess>();
  const stop = new AbortController();
  /** Exit code of the first that could not start. */
  let failure: number | null = null;
  const commands = programs.map(sandboxedCommand);
  using _ = forwardSignals(running, () => stop.abort());
  for (const name of ["read", "write", "net", "env", "sys"] as const) {
    await Deno.permissions.revoke({ name });
  }

  async function run(command: Deno.Command): Promise<End> {
    let child: Deno.ChildProcess;
    try {
      child = command.spawn();
    } catch (error) {
      return { code: null, signal: null, error: error as Error };
    }
    running.add(child);
    const end = await child.status;
    running.delete(child);
    return end;
  }

  async function keep(command: Deno.Command, n: number): Promise<number> {
    let wait = FIRST_WAIT_MS;
    for (let hasStarted = false;;) {
      const begin = performance.now();
      const { code, signal, error } = await run(command);
      if (stop.signal.aborted) return code ?? 0;
      const settled = performance.now() - begin >= STARTED_MS;
      if (!hasStarted) {
        if (code === null) throw error;
        if (!settled && code > 0 && signal === null) {
          failure = code;
          stop.abort();
          for (const other of running) sendSignal(other, "SIGTERM");
          return code;
        }
        hasStarted = true;
      }
      if (settled) wait = FIRST_WAIT_MS;
      events.error("serve_worker_ended", {
        worker: n + 1,
        exit_code: code,
        signal,
        ...(error && { error: error.message }),
        restart_seconds: wait / 1000,
      });
      try {
        await delay(wait, { signal: stop.signal });
      } catch {
        return 0;
      }
      wait = Math.min(2 * wait, LAST_WAIT_MS);
    }
  }

  const codes = await Promise.all(commands.map(keep));
  return failure ?? codes.find((code) => code > 0) ?? 0;
}
