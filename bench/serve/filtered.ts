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
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Random } from "../../core/kernels/random.ts";
import { IdMap } from "../../core/models/id_map.ts";
import { ItemTable } from "../../core/models/item_table.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { SimilarityModel } from "../../core/models/similarity.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { SIGNING_KEYS } from "./models.ts";
import { randomHeader } from "./random_header.ts";
import {
  answered,
  processorSeconds,
  residentMegabytes,
  serveModel,
  type Server,
} from "./server.ts";

const USERS = 29_858;
const ITEMS = 40_981;
const WEIGHTS = 256;
const SEEN = 27;
const FIRST_USER = 12_346;
const PORT = 8194;
const ROUND_SECONDS = 3;
const ROOT = new URL("../..", import.meta.url).pathname;
const KINDS = 40;

const HEADER = randomHeader("similarity", {
  n_rows: USERS * SEEN,
  n_users: USERS,
  n_items: ITEMS,
});

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
    const path = `${folder}/model.recotem`;
    await createStore().write(
      path,
      encodeArtifact(
        HEADER,
        randomModel().tensors(),
        KeyRing.parse(SIGNING_KEYS),
      ),
    );
    await Deno.mkdir(`${folder}/recipes`);
    await Deno.writeTextFile(
      `${folder}/recipes/model.yaml`,
      `
name: model
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

/** Random weights between items with three fields. */
function randomModel(): Recommender {
  const random = createRandom(1);
  const numbers = Array.from({ length: ITEMS }, (_, i) => i);
  return new Recommender({
    model: new SimilarityModel({
      ...sparse(random, ITEMS, WEIGHTS),
      values: Float32Array.from(
        { length: ITEMS * WEIGHTS },
        () => random.float(),
      ),
    }),
    users: numbered(USERS, FIRST_USER),
    items: numbered(ITEMS, 20_000),
    seen: sparse(random, USERS, SEEN),
    table: ItemTable.from(ITEMS, [
      {
        name: "description",
        type: "text",
        values: numbers.map((i) => `SET OF ${i} TEA CUPS`),
      },
      {
        name: "kind",
        type: "text",
        values: numbers.map((i) => `kind ${i % KINDS}`),
      },
      {
        name: "price",
        type: "number",
        values: numbers.map((i) => i * 7 % 100),
      },
    ]),
  });
}

function numbered(count: number, first: number): IdMap {
  return IdMap.from(Array.from({ length: count }, (_, i) => `${first + i}`))
    .map;
}

/** Rows of `perRow` items, one out of each stretch of the catalogue. */
function sparse(
  random: Random,
  rows: number,
  perRow: number,
): Pick<Csr, "rows" | "cols" | "indptr" | "indices"> {
  const stretch = Math.floor(ITEMS / perRow);
  return {
    rows,
    cols: ITEMS,
    indptr: Uint32Array.from({ length: rows + 1 }, (_, row) => perRow * row),
    indices: Uint32Array.from(
      { length: rows * perRow },
      (_, n) => n % perRow * stretch + random.int(stretch),
    ),
  };
}

async function measure(folder: string, rounds: number): Promise<void> {
  await using server = serveModel(folder, PORT);
  await answered(server, "predict/model", `${FIRST_USER}`);
  const runs = new Map<string, [number, number][]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, body] of Object.entries(CASES)) {
      const run = await load(server, body);
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
  const { now } = await residentMegabytes(server);
  print(`resident memory: ${now.toFixed(0)} MB`);
}

/** Requests per second, and microseconds of processor time per request. */
async function load(server: Server, body: string): Promise<[number, number]> {
  const before = await processorSeconds(server);
  const { stdout, success } = await new Deno.Command("taskset", {
    args: [
      ...["-c", "1", "wrk", "-t1", "-c16", `-d${ROUND_SECONDS}s`],
      ...["--timeout", "30s", "-s", `${ROOT}/bench/serve/filter.lua`],
      `http://127.0.0.1:${PORT}/v1/recipes/model:recommend`,
      ...[`${USERS}`, body],
    ],
  }).output();
  const used = await processorSeconds(server) - before;
  if (!success) throw new Error("wrk failed");
  const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1)!;
  const { seconds, requests, failed } = JSON.parse(last);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return [requests / seconds, 1e6 * used / requests];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

await main(Number(Deno.args[0] ?? 5));
