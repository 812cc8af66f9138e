/**
 * What a filter costs a request: `:recommend` for users of a model of Gowalla's shape (40,981 items), without a filter,
 * with one that many requests share, with the same one as a boost, and with filters that never come again.
 *
 * The server has core 0 and wrk (16 connections) core 1; processor time per request is what counts where others use the
 * machine too. Needs Linux with wrk and taskset.
 *
 * deno run -A bench/serve/filtered.ts [rounds]
 *
 * @module
 */
import { publishRandomModel, SHAPES, SIGNING_KEYS } from "./random_model.ts";

const NAME = "gowalla-similarity-256";
const PORT = 8194;
const ROUND_SECONDS = 3;
const ROOT = new URL("../..", import.meta.url).pathname;
const KINDS = 40;

const FILTER =
  '{"and":[{"field":"price","gte":5,"lt":80},{"not":{"field":"kind","in":["kind 3","kind 7"]}},{"field":"description","exists":true}]}';
const NEVER_AGAIN = FILTER.replace('"gte":5', '"gte":5.%d');
/** Name → body; `%s` is the user, `%d` a number that never comes again. */
const CASES: Readonly<Record<string, string>> = {
  "no filter": '{"user_id":"%s","exclude_items":[]}',
  "one filter": `{"user_id":"%s","filter":${FILTER}}`,
  "one boost": `{"user_id":"%s","boosts":[{"filter":${FILTER},"factor":2}]}`,
  "filters that never come again": `{"user_id":"%s","filter":${NEVER_AGAIN}}`,
};

async function main(rounds: number): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/${NAME}.recotem`;
    await publishRandomModel(path, NAME, 1, (items) => [
      {
        name: "kind",
        type: "text",
        values: Array.from({ length: items }, (_, i) => `kind ${i % KINDS}`),
      },
      {
        name: "price",
        type: "number",
        values: Array.from({ length: items }, (_, i) => i * 7 % 100),
      },
    ]);
    await Deno.mkdir(`${folder}/recipes`);
    await Deno.writeTextFile(
      `${folder}/recipes/${NAME}.yaml`,
      `
name: ${NAME}
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: ${path} }
`,
    );
    await measure(folder, rounds);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measure(folder: string, rounds: number): Promise<void> {
  const server = new Deno.Command("taskset", {
    args: [
      ...["-c", "0", Deno.execPath(), "run", "--no-check", "-A"],
      ...[`${ROOT}/serve/main.ts`, "--recipes", `${folder}/recipes`],
    ],
    env: { RECOTEM_SIGNING_KEYS: SIGNING_KEYS, RECOTEM_PORT: `${PORT}` },
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await answering();
    const runs = new Map<string, [number, number][]>();
    for (let round = 0; round <= rounds; round++) {
      for (const [name, body] of Object.entries(CASES)) {
        const run = await load(server.pid, body);
        // The first round warms up.
        if (round > 0) runs.set(name, [...runs.get(name) ?? [], run]);
      }
    }
    print("case                           per second   CPU µs");
    for (const [name, measured] of runs) {
      print(
        name.padEnd(30) +
          [0, 1].map((n) =>
            median(measured.map((run) => run[n]!)).toFixed(0)
              .padStart(n === 0 ? 11 : 9)
          ).join(""),
      );
    }
    print(`resident memory: ${await residentMb(server.pid)} MB`);
  } finally {
    server.kill("SIGKILL");
    await server.status;
  }
}

/** Requests per second, and microseconds of processor time per request. */
async function load(pid: number, body: string): Promise<[number, number]> {
  const before = await processorSeconds(pid);
  const { stdout, success } = await new Deno.Command("taskset", {
    args: [
      ...["-c", "1", "wrk", "-t1", "-c16", `-d${ROUND_SECONDS}s`],
      ...["--timeout", "30s", "-s", `${ROOT}/bench/serve/filter.lua`],
      `http://127.0.0.1:${PORT}/v1/recipes/${NAME}:recommend`,
      ...[`${SHAPES[NAME]!.users}`, body],
    ],
  }).output();
  const used = await processorSeconds(pid) - before;
  if (!success) throw new Error("wrk failed");
  const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1)!;
  const { seconds, requests, failed } = JSON.parse(last);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return [requests / seconds, 1e6 * used / requests];
}

async function answering(): Promise<void> {
  while (true) {
    try {
      const response = await fetch(`http://127.0.0.1:${PORT}/health`);
      await response.body?.cancel();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function processorSeconds(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function residentMb(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

await main(Number(Deno.args[0] ?? 5));
