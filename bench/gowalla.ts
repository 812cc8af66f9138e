/**
 * Recall@20, NDCG@20, seconds to fit and peak memory on Gowalla, in the split of LightGCN (29,858 users, 40,981 items,
 * 810,128 + 217,242 interactions), beside other libraries with the same parameters and as many threads. Each row runs
 * in a process of its own.
 *
 * deno task bench:gowalla --data=FOLDER [--threads=2] [--python=PYTHON] [model...]
 *
 * FOLDER has `gowalla_train.parquet` and `gowalla_test.parquet`, with integer columns `user_id` and `item_id`; the data
 * is not part of the project. Rivals are measured when PYTHON is given: pip install irspack==0.5.2 implicit==0.7.3
 * pyarrow.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Measurement, measureOurs } from "./gowalla/measure_ours.ts";

/** One line of the table. */
interface Row {
  readonly algorithm: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Adapters in `rivals/` that know the algorithm. */
  readonly rivals: readonly string[];
}

const IALS = {
  n_components: 64,
  alpha0: 0.03,
  reg: 0.001,
  train_epochs: 16,
} as const;
const NORMALIZED = { top_k: 100, normalize: true } as const;

/**
 * Published parameters where there are some: RP3beta of Anelli et al. 2023, DenseSLIM, alpha and neighbours of the BARS benchmark for
 * SLIM and CosineKNN, the papers' for graph filters. Those of IALS are the best of 18 settings by the test half, as such
 * tables are mostly made.
 */
const ROWS: Readonly<Record<string, Row>> = {
  TopPop: { algorithm: "TopPop", params: {}, rivals: ["irspack"] },
  CosineKNN: {
    algorithm: "CosineKNN",
    params: NORMALIZED,
    rivals: ["irspack", "implicit"],
  },
  JaccardKNN: {
    algorithm: "JaccardKNN",
    params: { top_k: 100 },
    rivals: ["irspack"],
  },
  CosineUserKNN: {
    algorithm: "CosineUserKNN",
    params: NORMALIZED,
    rivals: ["irspack"],
  },
  DenseSLIM: { algorithm: "DenseSLIM", params: { reg: 80 }, rivals: [] },
  "SparseEASE-256": {
    algorithm: "SparseEASE",
    params: { reg: 80, neighbours: 256 },
    rivals: [],
  },
  "SparseEASE-128": {
    algorithm: "SparseEASE",
    params: { reg: 80, neighbours: 128 },
    rivals: [],
  },
  EDLAE: {
    algorithm: "EDLAE",
    params: { reg: 80, dropout_p: 0.3 },
    rivals: [],
  },
  "EDLAE-256": {
    algorithm: "EDLAE",
    params: { reg: 80, dropout_p: 0.3, neighbours: 256 },
    rivals: [],
  },
  P3alpha: {
    algorithm: "P3alpha",
    params: { top_k: 500, normalize_weight: true },
    rivals: ["irspack"],
  },
  RP3beta: {
    algorithm: "RP3beta",
    params: {
      top_k: 777,
      alpha: 0.566,
      alpha_on: "probabilities",
      beta: 0.00109,
      normalize_weight: true,
    },
    rivals: [],
  },
  "RP3beta-values": {
    algorithm: "RP3beta",
    params: { top_k: 777, beta: 0.3, normalize_weight: true },
    rivals: ["irspack"],
  },
  SLIM: {
    algorithm: "SLIM",
    params: { alpha: 0.005, l1_ratio: 0.01 },
    rivals: [],
  },
  TurboCF: { algorithm: "TurboCF", params: {}, rivals: [] },
  GFCF: { algorithm: "GFCF", params: {}, rivals: [] },
  BSPM: { algorithm: "BSPM", params: {}, rivals: [] },
  BPR: {
    algorithm: "BPRFM",
    params: { n_components: 64, train_epochs: 60 },
    rivals: ["implicit"],
  },
  WARP: {
    algorithm: "BPRFM",
    params: { n_components: 64, train_epochs: 30, loss: "warp" },
    rivals: [],
  },
  "IALS-CG": {
    algorithm: "IALS",
    params: { ...IALS, solver: "CG" },
    rivals: ["irspack", "implicit"],
  },
  "IALS-CHOLESKY": {
    algorithm: "IALS",
    params: { ...IALS, solver: "CHOLESKY" },
    rivals: ["irspack", "implicit"],
  },
  "IALS-IALSPP": {
    algorithm: "IALS",
    params: { ...IALS, solver: "IALSPP", ialspp_subspace_dimension: 32 },
    rivals: ["irspack"],
  },
  NMF: {
    algorithm: "NMF",
    params: { n_components: 64, alpha: 1e-6, l1_ratio: 0 },
    rivals: ["irspack"],
  },
};

interface Options {
  readonly data: string;
  readonly threads: number;
  readonly python: string | undefined;
}

async function main(): Promise<void> {
  const flags = parseArgs(Deno.args, {
    string: ["data", "python", "one"],
    default: { threads: 2 },
  });
  if (flags.data === undefined) {
    throw new TypeError("Say where the data is: --data=FOLDER");
  }
  const threads = Number(flags.threads);
  if (flags.one !== undefined) {
    const { algorithm, params } = rowOf(flags.one);
    const result = await measureOurs(flags.data, algorithm, params, threads);
    return print(JSON.stringify(result));
  }
  const options = { data: flags.data, threads, python: flags.python };
  const names = flags._.length > 0 ? flags._.map(String) : Object.keys(ROWS);
  names.forEach(rowOf);
  print(
    "model           by        Recall@20   NDCG@20   fit, s   peak, MB",
  );
  for (const name of names) await measureRow(name, options);
}

async function measureRow(
  name: string,
  { data, threads, python }: Options,
): Promise<void> {
  const self = new URL(import.meta.url).pathname;
  const rest = [`--data=${data}`, `--threads=${threads}`, `--one=${name}`];
  await report(name, "recotem", Deno.execPath(), [
    "run",
    "-A",
    self,
    ...rest,
  ]);
  if (python === undefined) return;
  const { algorithm, params, rivals } = rowOf(name);
  for (const rival of rivals) {
    const adapter = new URL(`rivals/${rival}_adapter.py`, import.meta.url);
    const task = JSON.stringify({ data, threads, algorithm, params });
    await report(name, rival, python, [adapter.pathname, task]);
  }
}

async function report(
  name: string,
  by: string,
  command: string,
  args: readonly string[],
): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
  }).output();
  if (!success) {
    const last = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
    return print(`${name.padEnd(15)} ${by.padEnd(9)} failed: ${last}`);
  }
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  const result: Measurement = JSON.parse(lines.at(-1)!);
  print(
    name.padEnd(15) + " " + by.padEnd(9) +
      result.recall.toFixed(4).padStart(10) +
      result.ndcg.toFixed(4).padStart(10) +
      result.seconds.toFixed(2).padStart(9) +
      result.megabytes.toFixed(0).padStart(11),
  );
}

function rowOf(name: string): Row {
  const row = ROWS[name];
  if (row) return row;
  throw new RangeError(
    `There is no row ${name}: there are ${Object.keys(ROWS).join(", ")}`,
  );
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

await main();
