/**
 * How many predictions one core serves, beside a Hono handler that only reads the request and writes an answer of few
 * bytes, and beside one that writes as many bytes as the prediction has; in batches of 256; how soon a server answers
 * after its start; and memory at rest, under load and at its peak over ten hot swaps.
 *
 * "Ranked" lists are worked out for the request; "kept" ones the model may have answered before, as far as it keeps them.
 * The server has core 0 to itself and the load (wrk) core 1; rounds alternate, medians count. Needs Linux with wrk and
 * taskset; run from the repository's root.
 *
 * deno run -A bench/serve/main.ts [--gowalla=FILE] [--rounds=3] [--only=TEXT]
 *
 * FILE is the training half of Gowalla in Parquet, with columns `user_id` and `item_id`; it is not part of the project.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Load, load, type Measured, median, type Mode } from "./load.ts";
import { type BenchModel, makeModel, MODELS, publishAgain } from "./models.ts";
import {
  answered,
  residentMegabytes,
  serveModel,
  serveNothing,
  type Server,
} from "./server.ts";

const PORTS = { empty: 8190, model: 8191, keyed: 8192 };
const SECONDS = 3;
const CONNECTIONS = 16;
const STARTS = 5;
const SWAPS = 10;

async function main(args: string[]): Promise<void> {
  const { gowalla, rounds, only } = parseArgs(args, {
    string: ["gowalla", "rounds", "only"],
    default: { rounds: "3", only: "" },
  });
  for (const model of MODELS) {
    if (!model.name.includes(only)) continue;
    if (model.trained?.recipe === "gowalla" && gowalla === undefined) continue;
    const folder = await Deno.makeTempDir();
    try {
      await measure(model, folder, gowalla ?? null, Number(rounds));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}

async function measure(
  model: BenchModel,
  folder: string,
  gowalla: string | null,
  rounds: number,
): Promise<void> {
  const megabytes = await makeModel(model, folder, gowalla);
  await Deno.mkdir(`${folder}/recipes`);
  await Deno.writeTextFile(`${folder}/recipes/model.yaml`, recipe(folder));
  const user = (await Deno.readTextFile(`${folder}/users`)).split("\n")[0]!;
  print(`\n${model.name}: artifact of ${megabytes.toFixed(1)} MB`);
  print(`first answer after ${await firstAnswer(folder, user)}`);
  await swaps(folder, user, megabytes);
  await throughput(folder, user, rounds);
}

async function throughput(
  folder: string,
  user: string,
  rounds: number,
): Promise<void> {
  await using empty = serveNothing(PORTS.empty);
  await using server = serveModel(folder, PORTS.model);
  await using keyed = serveModel(folder, PORTS.keyed, { keyed: true });
  await answered(empty, "empty", user);
  await answered(keyed, "predict/model", user, 401);
  const bytes = (await answered(server, "predict/model", user)).length;
  const ask = (path: string, mode: Mode, connections = CONNECTIONS): Load => ({
    path,
    users: `${folder}/users`,
    mode,
    connections,
  });
  const verb = "v1/recipes/model:recommend";
  const cases: Record<string, [Server, Load]> = {
    "empty handler": [empty, ask("empty", "kept")],
    [`${bytes} bytes`]: [empty, ask(`bytes/${bytes}`, "kept")],
    "kept": [server, ask("predict/model", "kept")],
    "kept, API key": [keyed, { ...ask("predict/model", "kept"), keyed: true }],
    "ranked": [server, ask(verb, "fresh")],
    "ranked, 1 connection": [server, ask(verb, "fresh", 1)],
    "batch of 256, per user": [
      server,
      ask("v1/recipes/model:batch-recommend", "batch", 2),
    ],
  };
  const results = new Map<string, Measured[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, [target, asked]] of Object.entries(cases)) {
      const measured = await load(target, asked, SECONDS);
      results.set(name, [...results.get(name) ?? [], measured]);
    }
  }
  const least = median(results.get("empty handler")!).perSecond;
  const same = median(results.get(`${bytes} bytes`)!).perSecond;
  print(
    "                        per second  of empty  of bytes   p50 ms   p99 ms  CPU µs",
  );
  for (const [name, runs] of results) {
    const { perSecond, p50, p99, processor } = median(runs);
    print(
      name.padEnd(23) + perSecond.toFixed(0).padStart(11) +
        (perSecond / least).toFixed(2).padStart(10) +
        (perSecond / same).toFixed(2).padStart(10) +
        p50.toFixed(2).padStart(9) + p99.toFixed(2).padStart(9) +
        processor.toFixed(1).padStart(8),
    );
  }
  const { now, peak } = await residentMegabytes(server);
  print(`memory under load ${now.toFixed(0)} MB, peak ${peak.toFixed(0)} MB`);
}

async function firstAnswer(folder: string, user: string): Promise<string> {
  const times: number[] = [];
  for (let n = 0; n < STARTS; n++) {
    const start = performance.now();
    await using server = serveModel(folder, PORTS.model);
    await answered(server, "predict/model", user);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return `${times[STARTS >> 1]!.toFixed(0)} ms, best ${
    times[0]!.toFixed(0)
  } ms`;
}

async function swaps(
  folder: string,
  user: string,
  megabytes: number,
): Promise<void> {
  await using server = serveModel(folder, PORTS.model);
  await answered(server, "predict/model", user);
  const rest = (await residentMegabytes(server)).now;
  for (let swap = 0; swap < SWAPS; swap++) {
    const before = await version(server);
    await publishAgain(folder);
    while (await version(server) === before) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const { now, peak } = await residentMegabytes(server);
  print(
    `memory at rest ${rest.toFixed(0)} MB (artifact + ${
      (rest - megabytes).toFixed(0)
    }), after ${SWAPS} swaps ${now.toFixed(0)} MB, peak ${
      peak.toFixed(0)
    } MB (2 artifacts + ${(peak - 2 * megabytes).toFixed(0)})`,
  );
}

/** Differs between artifacts. */
async function version({ port }: Server): Promise<string> {
  const url = `http://127.0.0.1:${port}/v1/recipes/model`;
  return (await (await fetch(url)).json()).model_version;
}

function recipe(folder: string): string {
  return `
name: model
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: ${folder}/model.recotem }
`;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

await main(Deno.args);
