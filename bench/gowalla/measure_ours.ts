import { algorithmByName } from "../../algorithms/mod.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { evaluate } from "../../train/evaluate.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { peakMegabytes } from "../peak_megabytes.ts";
import { readSplit } from "./read_split.ts";

/** One fit: how good, how long, how much memory. */
export interface Measurement {
  readonly recall: number;
  readonly ndcg: number;
  /** Of `fit` alone. */
  readonly seconds: number;
  /** Most memory that the process had had when the fit ended, data included. */
  readonly megabytes: number;
}

/** Fits on the training half, evaluates on the test half, all items ranked, lists of 20. */
export async function measureOurs(
  folder: string,
  name: string,
  params: unknown,
  threads: number,
): Promise<Measurement> {
  const { train, test } = await readSplit(folder);
  const algorithm = algorithmByName(name);
  const { signal } = new AbortController();
  const kernels = await createKernels({ threads });
  try {
    const start = performance.now();
    const model = await algorithm.fit(train, algorithm.params.parse(params), {
      kernels,
      signal,
      random: createRandom(42),
      shared: createSharedWork(),
      warn() {},
    });
    const seconds = (performance.now() - start) / 1000;
    const megabytes = await peakMegabytes();
    const options = { kernels, signal, cutoff: 20 };
    const { recall, ndcg } = await evaluate(model, train, test, options);
    return { recall, ndcg, seconds, megabytes };
  } finally {
    kernels.close();
  }
}
