import { API_KEY, processorSeconds, type Server } from "./server.ts";

const SCRIPT = new URL("post.lua", import.meta.url).pathname;

/** What is asked: one user a request, of whom lists are kept or not, or 256 users a request. */
export type Mode = "fresh" | "kept" | "batch";

/** One round of load. */
export interface Measured {
  /** Users answered per second. */
  readonly perSecond: number;
  /** Latency of requests in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the server's processor time per user. */
  readonly processor: number;
}

/** What to ask, and how. */
export interface Load {
  readonly path: string;
  /** A file of user ids. */
  readonly users: string;
  readonly mode: Mode;
  readonly connections: number;
  readonly keyed?: boolean;
}

/** Loads a server from core 1 by wrk: a second to warm up, then `seconds`. */
export async function load(
  server: Server,
  { path, users, mode, connections, keyed = false }: Load,
  seconds: number,
): Promise<Measured> {
  const run = (duration: number) =>
    new Deno.Command("taskset", {
      // deno-fmt-ignore
      args: ["-c", "1", "wrk", "-t1", `-c${connections}`, `-d${duration}s`, "--timeout", "30s", "-s", SCRIPT,
        `http://127.0.0.1:${server.port}/${path}`, users, mode, ...(keyed ? [API_KEY] : [])],
    }).output();
  await run(1);
  const before = await processorSeconds(server);
  const { stdout, success } = await run(seconds);
  const used = await processorSeconds(server) - before;
  if (!success) throw new Error("wrk failed");
  const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1)!;
  const told = JSON.parse(last);
  if (told.failed > 0) throw new Error(`${told.failed} requests failed`);
  const answered = told.requests * (mode === "batch" ? 256 : 1);
  return {
    perSecond: answered / told.seconds,
    p50: told.p50,
    p99: told.p99,
    processor: 1e6 * used / answered,
  };
}

/** The median of each figure. */
export function median(rounds: readonly Measured[]): Measured {
  const of = (key: keyof Measured) =>
    rounds.map((round) => round[key]).sort((a, b) => a - b)[
      rounds.length >> 1
    ]!;
  return {
    perSecond: of("perSecond"),
    p50: of("p50"),
    p99: of("p99"),
    processor: of("processor"),
  };
}
