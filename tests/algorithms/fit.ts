/** What fitting a model takes in a test, and a matrix whose answer is known. */
import type { Algorithm, FitContext } from "../../algorithms/algorithm.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { History, Model } from "../../core/models/model.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { fromDense } from "../core/kernels/matrices.ts";

/** Fits with defaults for what `params` and `context` leave out: plain TypeScript, seed 42, nothing shared. */
export async function fit(
  algorithm: Algorithm,
  matrix: Csr,
  params: Readonly<Record<string, unknown>> = {},
  context: Partial<FitContext> = {},
): Promise<Model> {
  return await algorithm.fit(matrix, algorithm.params.parse(params), {
    kernels: createReferenceKernels(),
    random: createRandom(42),
    signal: new AbortController().signal,
    shared: createSharedWork(),
    warn() {},
    ...context,
  });
}

/** Runs with kernels of a number of workers and ends them. */
export async function withKernels(
  threads: number,
  body: (kernels: Kernels) => Promise<void>,
): Promise<void> {
  const kernels = await createKernels({ threads });
  try {
    await body(kernels);
  } finally {
    kernels.close();
  }
}

/** Runs with kernels in plain TypeScript, then with kernels in WebAssembly. */
export async function withBothKernels(
  body: (kernels: Kernels) => Promise<void>,
): Promise<void> {
  await body(createReferenceKernels());
  await withKernels(2, body);
}

/** Group of a user of {@linkcode checkerboard}. */
export function groupOfUser(user: number): number {
  return user % 3 === 0 ? 1 : 0;
}

/** Group of an item of {@linkcode checkerboard}. */
export function groupOfItem(item: number): number {
  return item % 2;
}

/**
 * 20 users, 12 items, two groups of each: a user has all items of the own group but one. More users are in group 0, so
 * its items are the more popular.
 */
export function checkerboard(): Csr {
  return fromDense(
    Array.from(
      { length: 20 },
      (_, user) =>
        Array.from({ length: 12 }, (_, item) => {
          const missing = item >> 1 === Math.floor(user / 3) % 6;
          return groupOfItem(item) === groupOfUser(user) && !missing ? 1 : null;
        }),
    ),
  );
}

/** One row of a matrix. */
export function historyOf(matrix: Csr, user: number): History {
  const [begin, end] = [matrix.indptr[user]!, matrix.indptr[user + 1]!];
  return {
    items: matrix.indices.subarray(begin, end),
    weights: matrix.values.subarray(begin, end),
  };
}

/** A model's scores for a user of the matrix that it was fitted on. */
export function scoresOf(
  model: Model,
  matrix: Csr,
  user: number,
): Float32Array {
  const scores = new Float32Array(matrix.cols);
  model.scoreUser(user, historyOf(matrix, user), scores);
  return scores;
}

/** Items by falling score, ties by index; those of `seen` left out. */
export function rankByScore(
  scores: Float32Array,
  seen: Uint32Array = new Uint32Array(),
): number[] {
  return Array.from(scores, (_, item) => item)
    .filter((item) => !seen.includes(item))
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
}
