/**
 * Seconds, peak memory and Recall@20 of DenseSLIM on a catalogue whose inverse has no room in memory: drawn interactions
 * of users who like a few groups of items each, items and users both distributed by power laws.
 *
 * deno run -A bench/large_catalogue.ts [--users=200000] [--items=100000] [--interactions=5000000] [--threads=2]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { denseSlim } from "../algorithms/dense_slim.ts";
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import type { Csr } from "../core/kernels/csr.ts";
import type { Random } from "../core/kernels/random.ts";
import { evaluate } from "../train/evaluate.ts";
import { createSharedWork } from "../train/search/shared_work.ts";
import { peakMegabytes } from "./peak_megabytes.ts";

/** Items that are liked together. */
const GROUP = 200;
/** Share of the interactions that are with anything at all. */
const ANYTHING = 0.2;

interface Extent {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
}

async function main(): Promise<void> {
  const flags = parseArgs(Deno.args, {
    default: {
      users: 200_000,
      items: 100_000,
      interactions: 5_000_000,
      threads: 2,
    },
  });
  const { train, test } = draw(flags, createRandom(1));
  print(
    `${train.rows} users, ${train.cols} items, ${train.indices.length} interactions`,
  );
  const kernels = await createKernels({ threads: flags.threads });
  const { signal } = new AbortController();
  try {
    const start = performance.now();
    const model = await denseSlim.fit(
      train,
      denseSlim.params.parse({ reg: 20 }),
      {
        kernels,
        signal,
        random: createRandom(1),
        shared: createSharedWork(),
        warn: (event, fields) => print(`${event} ${JSON.stringify(fields)}`),
      },
    );
    const seconds = (performance.now() - start) / 1000;
    const megabytes = await peakMegabytes();
    const options = { kernels, signal, cutoff: 20 };
    const { recall } = await evaluate(model, train, test, options);
    print(
      `fit ${seconds.toFixed(0)} s, peak ${
        megabytes.toFixed(0)
      } MB, Recall@20 ${recall.toFixed(4)}`,
    );
  } finally {
    kernels.close();
  }
}

/** Interactions, and of every user with two at least one more that is held out. */
function draw(
  { users, items, interactions }: Extent,
  random: Random,
): { train: Csr; test: Csr } {
  const mean = interactions / users;
  const groups = Math.ceil(items / GROUP);
  const train: number[][] = [];
  const test: number[][] = [];
  for (let user = 0; user < users; user++) {
    // Pareto with exponent 2, of which the mean is twice the least.
    const length = Math.min(2000, mean / 2 / Math.sqrt(1 - random.float()));
    const liked = Array.from({ length: 3 }, () => zipf(groups, random));
    const own = new Set<number>();
    for (let n = 0; n < length + 1; n++) {
      const item = random.float() < ANYTHING
        ? zipf(items, random)
        : liked[random.int(liked.length)]! + groups * zipf(GROUP, random);
      if (item < items) own.add(item);
    }
    const all = [...own];
    test.push(all.length > 1 ? all.splice(-1) : []);
    train.push(all.sort((a, b) => a - b));
  }
  return { train: toCsr(train, items), test: toCsr(test, items) };
}

/** A rank below `count`, the probability of rank r being about proportional to 1 / (r + 10). */
function zipf(count: number, random: Random): number {
  const shift = 10;
  const rank = shift * ((count + shift) / shift) ** random.float() - shift;
  return Math.min(count - 1, Math.floor(rank));
}

function toCsr(rows: readonly number[][], cols: number): Csr {
  const indptr = new Uint32Array(rows.length + 1);
  for (const [at, row] of rows.entries()) {
    indptr[at + 1] = indptr[at]! + row.length;
  }
  const indices = new Uint32Array(indptr[rows.length]!);
  for (const [at, row] of rows.entries()) indices.set(row, indptr[at]!);
  const values = new Float32Array(indices.length).fill(1);
  return { rows: rows.length, cols, indptr, indices, values };
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

await main();
