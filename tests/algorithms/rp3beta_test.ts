import { assertEquals, assertRejects } from "@std/assert";
import { rp3beta, type Rp3betaParams } from "../../algorithms/rp3beta.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import { fromDense, randomCsr } from "../core/kernels/matrices.ts";
import { fit, withBothKernels } from "./fit.ts";
import {
  assertWeights,
  filled,
  keepLargest,
  type Weights,
  weightsOf,
} from "./weights.ts";

/** User to item (½, ½) and (1, 0); item to user (½, ½) and (1, 0); popularity 2 and 1. */
const SMALL = fromDense([[1, 1], [1, null]]);

async function learn(
  matrix: Csr,
  params: Partial<Rp3betaParams>,
): Promise<Weights> {
  return weightsOf(await fit(rp3beta, matrix, params));
}

Deno.test("rp3beta gives the probabilities of three steps, to the item itself too", async () => {
  assertWeights(await learn(SMALL, { beta: 0 }), [[0.75, 0.25], [0.5, 0.5]]);
});

Deno.test("rp3beta divides by the target's popularity to the power of beta", async () => {
  assertWeights(await learn(SMALL, { beta: 1 }), [
    [0.75 / 2, 0.25],
    [0.5 / 2, 0.5],
  ]);
  assertWeights(await learn(SMALL, {}), [
    [0.75 / 2 ** 0.6, 0.25],
    [0.5 / 2 ** 0.6, 0.5],
  ]);
});

Deno.test("rp3beta keeps top_k sources of each target, not targets of each source", async () => {
  // Item 0 is the best source of both targets.
  const matrix = fromDense([[1, 5], [5, null]]);
  const all = await learn(matrix, { beta: 0, top_k: 2 });
  assertWeights(all, [
    [1 / 36 + 5 / 6, 5 / 36],
    [1 / 6, 5 / 6],
  ]);
  assertEquals(await learn(matrix, { beta: 0, top_k: 1 }), [
    [all[0]![0]!, null],
    [null, all[1]![1]!],
  ]);
  // Ties go to the lower source.
  const tied = await learn(fromDense([[1, 1]]), { beta: 0, top_k: 1 });
  assertEquals(tied, [[0.5, 0.5], [null, null]]);
});

Deno.test("rp3beta with normalize_weight makes the rows that have entries sum to 1, after the cut", async () => {
  const tied = { beta: 0, top_k: 1, normalize_weight: true };
  assertEquals(await learn(fromDense([[1, 1, 1, 1]]), tied), [
    [0.25, 0.25, 0.25, 0.25],
    [null, null, null, null],
    [null, null, null, null],
    [null, null, null, null],
  ]);
  const params = { beta: 1, normalize_weight: true };
  assertWeights(await learn(SMALL, params), [[0.6, 0.4], [1 / 3, 2 / 3]]);
});

Deno.test("rp3beta takes the popularity before the power alpha, the probabilities after", async () => {
  // Squares are 4, 1 and 1: user to item (4/5, 1/5), (1, 0); item to user (4/5, 1/5), (1, 0); popularity 3 and 1.
  const weights = await learn(fromDense([[2, 1], [1, null]]), {
    alpha: 2,
    beta: 1,
  });
  assertWeights(weights, [
    [(0.8 * 0.8 + 0.2 * 1) / 3, 0.8 * 0.2],
    [0.8 / 3, 0.2],
  ]);
});

Deno.test("rp3beta agrees with dense sums for every combination of its parameters", async () => {
  const random = createRandom(4);
  const matrix = randomCsr(random, 40, 25, 0.2, () => 1 + 3 * random.float());
  await withBothKernels(async (kernels) => {
    for (const alpha of [0.4, 1]) {
      for (const beta of [0, 0.3]) {
        for (const top_k of [3, 100]) {
          for (const normalize_weight of [false, true]) {
            const params = { alpha, beta, top_k, normalize_weight };
            const model = await fit(rp3beta, matrix, params, { kernels });
            assertWeights(
              weightsOf(model),
              denseWalk(filled(matrix), params),
            );
          }
        }
      }
    }
  });
});

Deno.test("rp3beta refuses powers that single precision cannot hold, by the parameter", async () => {
  const matrix = fromDense([[1e30, 0.001]]);
  await assertRejects(
    () => fit(rp3beta, matrix, { alpha: 2 }),
    RangeError,
    "lower alpha",
  );
  await assertRejects(
    () => fit(rp3beta, matrix, { beta: 2 }),
    RangeError,
    "lower beta",
  );
  const small = fromDense([[0.001, 0.001]]);
  await assertRejects(
    () => fit(rp3beta, small, { beta: 20 }),
    RangeError,
    "lower beta",
  );
});

function denseWalk(
  x: number[][],
  params: Omit<Rp3betaParams, "alpha_on">,
): Weights {
  const items = x[0]!.map((_, item) => item);
  const powered = x.map((row) =>
    row.map((value) => value === 0 ? 0 : value ** params.alpha)
  );
  const total = (values: number[]) => values.reduce((sum, v) => sum + v, 0);
  const ofUser = powered.map(total);
  const ofItem = items.map((i) => total(powered.map((row) => row[i]!)));
  const popularity = items.map((i) => total(x.map((row) => row[i]!)));
  const columns = items.map((i) =>
    keepLargest(
      items.map((j) => {
        if (!x.some((row) => row[i] !== 0 && row[j] !== 0)) return null;
        const walks = powered.map((row, u) =>
          row[j] === 0 ? 0 : (row[j]! / ofItem[j]!) * (row[i]! / ofUser[u]!)
        );
        return total(walks) / popularity[i]! ** params.beta;
      }),
      params.top_k,
    )
  );
  return items.map((j) => {
    const row = columns.map((column) => column[j]!);
    const sum = total(row.map((value) => value ?? 0));
    if (!params.normalize_weight) return row;
    return row.map((value) => value === null ? null : value / sum);
  });
}
