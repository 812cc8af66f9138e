/**
 * What a trial of DenseSLIM takes, learning and evaluation: on the retail purchases, the best of five after a first that
 * works out the Gram matrix too; and once on as many made-up items as are named.
 *
 * deno run -A bench/dense_slim.ts [items...]
 *
 * @module
 */
import { denseSlim } from "../algorithms/dense_slim.ts";
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import type { Csr } from "../core/kernels/csr.ts";
import { evaluate } from "../train/evaluate.ts";
import { createSharedWork } from "../train/search/shared_work.ts";
import { interactions } from "./kernels/interactions.ts";
import { best, once } from "./kernels/spent.ts";
import { readRetail } from "./read_retail.ts";

const CUTOFF = 20;
const REG = 500;

async function measure(
  what: string,
  fit: Csr,
  heldOut: Csr,
  repeats: number,
): Promise<void> {
  const kernels = await createKernels();
  const { signal } = new AbortController();
  const context = {
    kernels,
    random: createRandom(42),
    signal,
    shared: createSharedWork(),
    warn() {},
  };
  let evaluation = 0;
  const trial = async () => {
    const model = await denseSlim.fit(
      fit,
      { reg: REG, neighbours: null },
      context,
    );
    const start = performance.now();
    const options = { kernels, cutoff: CUTOFF, signal };
    await evaluate(model, fit, heldOut, options);
    evaluation = (performance.now() - start) / 1e3;
  };
  const first = await once(trial);
  const { seconds, processor } = repeats === 0
    ? first
    : await best(trial, repeats);
  kernels.close();
  print(
    `${what}: ${fit.cols} items, first ${first.seconds.toFixed(2)} s, best ${
      seconds.toFixed(2)
    } s (${processor.toFixed(2)} s of processors), of the last ${
      evaluation.toFixed(2)
    } s evaluation`,
  );
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

async function main(): Promise<void> {
  if (Deno.args.length === 0) {
    Deno.chdir(new URL("..", import.meta.url).pathname);
    const { split } = await readRetail();
    await measure("retail", split.fit, split.heldOut, 5);
  }
  for (const items of Deno.args.map(Number)) {
    const matrix = interactions(2 * items, items);
    await measure("made up", matrix, matrix, 0);
  }
}

if (import.meta.main) await main();
