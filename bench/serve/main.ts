/**
 * How many predictions one core serves, beside an empty Hono handler under the same load, and beside one that answers as
 * many bytes as a prediction has: requests per second, latency, processor time; users per second in batches of 256; also
 * the time to the first answer after start, and memory at rest, under load and after fifty hot swaps.
 *
 * "fresh" lists are ranked for the request; "kept" ones may have been answered before, as far as a model keeps them: those
 * of all users of the retail data, of a third of Gowalla's.
 *
 * The server has core 0 to itself and the load (wrk, 16 connections) core 1. Machines are rarely idle, so rounds
 * alternate and the medians and their ratio count. Needs Linux with wrk and taskset.
 *
 * deno run -A bench/serve/main.ts [rounds]
 *
 * @module
 */
import { apiKeyDigest } from "../../serve/api_keys.ts";
import { publishRandomModel, SHAPES, SIGNING_KEYS } from "./random_model.ts";

const CONNECTIONS = 16;
const ROUND_SECONDS = 3;
const STARTS = 5;
const SWAPS = 50;
/** The model that starts and swaps are measured with. */
const FIRST = "retail-factors-128";
const API_KEY = "k".repeat(43);
const ROOT = new URL("../..", import.meta.url).pathname;
const PORTS = { empty: 8190, open: 8191, keyed: 8192, fresh: 8193 };

interface Server extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time per request. */
  readonly processor: number;
}

async function main(rounds: number): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/recipes`);
    await add(FIRST, folder);
    await firstAnswers(folder);
    await hotSwaps(folder);
    for (const name of Object.keys(SHAPES)) {
      if (name !== FIRST) await add(name, folder);
    }
    await throughput(folder, rounds);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function add(name: string, folder: string): Promise<void> {
  await publishRandomModel(`${folder}/${name}.recotem`, name, 1);
  await Deno.writeTextFile(
    `${folder}/recipes/${name}.yaml`,
    recipe(name, folder),
  );
}

async function throughput(folder: string, rounds: number): Promise<void> {
  await using empty = spawn(PORTS.empty, [
    "-A",
    `${ROOT}/bench/serve/empty_handler.ts`,
    `${PORTS.empty}`,
  ]);
  await using open = serve(folder, PORTS.open);
  await using keyed = serve(folder, PORTS.keyed, API_KEY);
  const cases: Record<string, () => Promise<Measured>> = {
    "empty handler": () => load(empty, "predict/empty", FIRST, "kept"),
    "same bytes": () => load(empty, "predict/bytes", FIRST, "kept"),
    "API key, kept": () =>
      load(keyed, `predict/${FIRST}`, FIRST, "kept", API_KEY),
  };
  for (const name of Object.keys(SHAPES)) {
    const path = `v1/recipes/${name}:batch-recommend`;
    cases[`${name}, fresh`] = () =>
      load(open, `v1/recipes/${name}:recommend`, name, "fresh");
    cases[`${name}, kept`] = () => load(open, `predict/${name}`, name, "kept");
    cases[`${name}, batch`] = () => load(open, path, name, "batch");
  }
  for (const server of [empty, open, keyed]) await answering(server.port);
  print(`resident memory at rest: ${await residentMb(open.pid)} MB`);
  const results = new Map<string, Measured[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(cases)) {
      const measured = await run();
      // The first round warms up.
      if (round > 0) results.set(name, [...results.get(name) ?? [], measured]);
    }
  }
  print(`resident memory under load: ${await residentMb(open.pid)} MB`);
  const base = median(results.get("empty handler")!, "perSecond");
  print(
    "case                             per second   of empty   p50 ms   p99 ms   CPU µs",
  );
  for (const [name, runs] of results) {
    const perSecond = median(runs, "perSecond");
    print(
      name.padEnd(31) + perSecond.toFixed(0).padStart(12) +
        (perSecond / base).toFixed(2).padStart(11) +
        median(runs, "p50").toFixed(2).padStart(9) +
        median(runs, "p99").toFixed(2).padStart(9) +
        median(runs, "processor").toFixed(0).padStart(9),
    );
  }
}

async function load(
  { pid, port }: Server,
  path: string,
  name: string,
  mode: "fresh" | "kept" | "batch",
  key?: string,
): Promise<Measured> {
  const before = await processorSeconds(pid);
  const { stdout, success } = await new Deno.Command("taskset", {
    // deno-fmt-ignore
    args: ["-c", "1", "wrk", "-t1", `-c${mode === "batch" ? 2 : CONNECTIONS}`, `-d${ROUND_SECONDS}s`, "--timeout", "30s",
      "-s", `${ROOT}/bench/serve/post.lua`,
      `http://127.0.0.1:${port}/${path}`, `${SHAPES[name]!.users}`, mode, ...(key ? [key] : [])],
  }).output();
  const used = await processorSeconds(pid) - before;
  const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1)!;
  if (!success) throw new Error("wrk failed");
  const { seconds, p50, p99, failed, ...sent } = JSON.parse(last);
  const requests = sent.requests * (mode === "batch" ? 256 : 1);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return {
    perSecond: requests / seconds,
    p50,
    p99,
    processor: 1e6 * used / requests,
  };
}

async function firstAnswers(folder: string): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const start = performance.now();
    await using server = serve(folder, PORTS.fresh);
    await answering(server.port);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  print(
    `first answer after start: median ${
      times[STARTS >> 1]!.toFixed(0)
    } ms, best ${times[0]!.toFixed(0)} ms`,
  );
}

async function hotSwaps(folder: string): Promise<void> {
  await using server = serve(folder, PORTS.fresh);
  await answering(server.port);
  const memory = [await residentMb(server.pid)];
  for (let swap = 1; swap <= SWAPS; swap++) {
    const before = await trainedDigest(server.port);
    await publishRandomModel(`${folder}/${FIRST}.recotem`, FIRST, 1 + swap);
    while (await trainedDigest(server.port) === before) await sleep(100);
    memory.push(await residentMb(server.pid));
  }
  const at = [0, 1, 5, 10, 20, 30, 40, SWAPS];
  print(
    `resident MB after hot swaps: ${
      at.map((swap) => `${swap}: ${memory[swap]}`).join(", ")
    }`,
  );
}

/** Something that differs between models: the score of one user's first item. */
async function trainedDigest(port: number): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/predict/${FIRST}`, {
    method: "POST",
    body: '{"user_id":"12346","cutoff":1}',
  });
  return (await response.json()).items[0].score;
}

function serve(folder: string, port: number, key?: string): Server {
  return spawn(port, [
    `--allow-read=${folder}`,
    `--allow-net=127.0.0.1:${port}`,
    "--allow-env=RECOTEM_*",
    "--no-prompt",
    `${ROOT}/serve/main.ts`,
    "--recipes",
    `${folder}/recipes`,
  ], {
    RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
    RECOTEM_PORT: `${port}`,
    RECOTEM_WATCH_INTERVAL: "1",
    ...(key && {
      RECOTEM_API_KEYS: `bench:sha256:${apiKeyDigest(key).toHex()}`,
    }),
  });
}

function spawn(
  port: number,
  args: readonly string[],
  env: Record<string, string> = {},
): Server {
  const child = new Deno.Command("taskset", {
    args: ["-c", "0", Deno.execPath(), "run", "--no-check", ...args],
    env,
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    pid: child.pid,
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** Returns once a server has given an answer, of whatever kind. */
async function answering(port: number): Promise<void> {
  while (true) {
    try {
      const response = await fetch(
        `http://127.0.0.1:${port}/predict/${FIRST}`,
        { method: "POST", body: '{"user_id":"12346","cutoff":10}' },
      );
      await response.body?.cancel();
      return;
    } catch {
      await sleep(5);
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

function median(runs: readonly Measured[], key: keyof Measured): number {
  const values = runs.map((run) => run[key]).sort((a, b) => a - b);
  return values[values.length >> 1]!;
}

function recipe(name: string, folder: string): string {
  return `
name: ${name}
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: ${folder}/${name}.recotem }
`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

await main(Number(Deno.args[0] ?? 5));
