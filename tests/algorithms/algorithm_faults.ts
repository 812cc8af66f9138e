/**
 * What every {@linkcode Algorithm} must do when it is stopped, and with matrices that hold next to nothing or far too
 * much.
 *
 * @module
 */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { Model } from "../../core/models/model.ts";
import { drawParams } from "../../train/search/draw.ts";
import { fromDense } from "../core/kernels/matrices.ts";
import {
  checkerboard,
  fit,
  historyOf,
  scoresOf,
  withBothKernels,
  withKernels,
} from "./fit.ts";

/** Registers the tests of one algorithm. */
export function testAlgorithmFaults(algorithm: Algorithm): void {
  const { name } = algorithm;

  Deno.test(`${name} does not start when it is aborted before`, () =>
    withBothKernels(async (kernels) => {
      const reason = new Error("enough");
      const signal = AbortSignal.abort(reason);
      const outcome = fit(algorithm, checkerboard(), {}, { kernels, signal });
      assertStrictEquals(await outcome.catch((error) => error), reason);
    }));

  Deno.test(`${name} ends with the reason when it is aborted in a kernel, calls no other and gives back all memory`, () =>
    withKernels(2, async (kernels) => {
      const reason = new Error("enough");
      const controller = new AbortController();
      const free = firstFree(kernels);
      let calls = 0;
      function abort<T>(running: Promise<T>): Promise<T> {
        calls++;
        controller.abort(reason);
        return running;
      }
      const outcome = fit(algorithm, checkerboard(), {}, {
        signal: controller.signal,
        kernels: {
          ...kernels,
          similarityTopK: (args, signal) =>
            abort(kernels.similarityTopK(args, signal)),
          ialsSolve: (args, signal) => abort(kernels.ialsSolve(args, signal)),
          gram(...args) {
            assert(!controller.signal.aborted);
            return kernels.gram(...args);
          },
        },
      });
      const error = await outcome.then(() => null, (error) => error);
      // An algorithm that calls no kernel is too fast to be stopped on its way.
      assertStrictEquals(error, calls === 0 ? null : reason);
      assert(calls <= 1);
      assertEquals(firstFree(kernels), free);
    }));

  Deno.test(`${name} gives back all kernel memory, fit after fit`, () =>
    withKernels(2, async (kernels) => {
      const free = firstFree(kernels);
      for (let repeat = 0; repeat < 20; repeat++) {
        await fit(algorithm, checkerboard(), {}, { kernels });
      }
      assertEquals(firstFree(kernels), free);
    }));

  Deno.test(`${name} learns from matrices that hold next to nothing`, () =>
    withBothKernels(async (kernels) => {
      for (const [what, matrix] of Object.entries(SMALL)) {
        for (const params of variants(algorithm)) {
          await learn(algorithm, matrix, params, kernels, `From ${what}`);
        }
      }
    }));

  Deno.test(`${name} learns from weights that are huge or tiny, or says what is at fault`, () =>
    withBothKernels(async (kernels) => {
      for (const weight of [1e-38, 1e-30, 1e10, 1e30, 3e38]) {
        const matrix = fromDense([
          [weight, weight, null],
          [null, weight, weight],
          [weight, null, weight],
        ]);
        for (const params of variants(algorithm)) {
          await learnOrExplain(algorithm, matrix, params, kernels);
        }
      }
    }));

  Deno.test(`${name} learns with whatever number a parameter may be, or says which is at fault`, () =>
    withBothKernels(async (kernels) => {
      const matrix = fromDense([
        [1, 2, null, null],
        [null, 0.5, 3, null],
        [1, null, 1, 1],
      ]);
      for (const parameter of Object.keys(algorithm.params.parse({}))) {
        for (const number of [-1e300, -50, 0, 1e-300, 50, 1e30, 1e300]) {
          const params = { [parameter]: number };
          if (!accepts(algorithm, params)) continue;
          await learnOrExplain(algorithm, matrix, params, kernels);
        }
      }
    }));
}

function accepts(algorithm: Algorithm, params: object): boolean {
  try {
    algorithm.params.parse(params);
    return true;
  } catch {
    return false;
  }
}

async function learn(
  algorithm: Algorithm,
  matrix: Csr,
  params: Readonly<Record<string, unknown>>,
  kernels: Kernels,
  what: string,
): Promise<void> {
  try {
    assertFinite(await fit(algorithm, matrix, params, { kernels }), matrix);
  } catch (cause) {
    throw new Error(`${what}, with ${JSON.stringify(params)}: ${cause}`, {
      cause,
    });
  }
}

/** Takes a refusal, too, when it names a parameter or the weights. */
async function learnOrExplain(
  algorithm: Algorithm,
  matrix: Csr,
  params: Readonly<Record<string, unknown>>,
  kernels: Kernels,
): Promise<void> {
  const names = [
    ...Object.keys(algorithm.params.parse({})),
    "interaction weights",
  ];
  const what = `From ${matrix.values}`;
  try {
    await learn(algorithm, matrix, params, kernels, what);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const explains = cause instanceof RangeError &&
      names.some((name) => cause.message.includes(name));
    if (!explains) throw error;
  }
}

const SMALL: Readonly<Record<string, Csr>> = {
  "no users": fromDense([], 3),
  "no items": fromDense([[], []]),
  "one user": fromDense([[1, 2, null, 1]]),
  "one item": fromDense([[1], [null], [3]]),
  "one interaction": fromDense([[1]]),
  "no interactions": fromDense([[null, null], [null, null], [null, null]]),
  "users and items without interactions": fromDense([
    [null, null, null, null],
    [1, null, 1, null],
    [null, null, null, null],
    [1, null, null, null],
  ]),
  "users who are all alike": fromDense(
    Array.from({ length: 6 }, () => [1, 1, null, 1]),
  ),
  "users who have everything": fromDense([[1, 1, 1], [1, 1, 1]]),
};

/** The defaults, the upper ends of the search space, far above what a small matrix has, and draws. */
function variants({ space }: Algorithm): Record<string, unknown>[] {
  const random = createRandom(2);
  const highest = Object.fromEntries(
    Object.entries(space).flatMap(([name, dimension]) =>
      dimension.type === "categorical" ? [] : [[name, dimension.high]]
    ),
  );
  const drawn = Array.from({ length: 8 }, () => drawParams(space, random));
  return [{}, highest, ...drawn];
}

function assertFinite(model: Model, matrix: Csr): void {
  assertEquals(model.itemCount, matrix.cols);
  for (const { data } of Object.values(model.tensors())) {
    assert(data.every((value: number) => Number.isFinite(value)));
  }
  const scores = new Float32Array(matrix.cols);
  for (let user = 0; user < matrix.rows; user++) {
    assert(scoresOf(model, matrix, user).every(Number.isFinite));
    model.scoreHistory(historyOf(matrix, user), scores);
    assert(scores.every(Number.isFinite));
  }
  for (let item = 0; item < matrix.cols; item++) {
    model.similar(Uint32Array.of(item), scores);
    assert(scores.every(Number.isFinite));
  }
}

/** Where the next large array would lie: further on when something was kept. */
function firstFree({ memory }: Kernels): number {
  const probe = memory.f32(1 << 18);
  memory.free(probe);
  return probe.byteOffset;
}
