import { assertEquals, assertRejects } from "@std/assert";
import {
  cosineKnn,
  type CosineKnnParams,
} from "../../algorithms/cosine_knn.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { fromDense, randomCsr } from "../core/kernels/matrices.ts";
import { fit, scoresOf, withBothKernels } from "./fit.ts";
import {
  assertWeights,
  filled,
  keepLargest,
  type Weights,
  weightsOf,
} from "./weights.ts";

/** Column norms √5, √5, √10; products of columns 2 (0, 1), 2 (0, 2) and 3 (1, 2). */
const SMALL = fromDense([[1, 2, null], [2, null, 1], [null, 1, 3]]);

async function learn(
  matrix: typeof SMALL,
  params: Partial<CosineKnnParams>,
): Promise<Weights> {
  return weightsOf(await fit(cosineKnn, matrix, params));
}

Deno.test("cosineKnn without normalize gives sums of products, whatever the shrinkage", async () => {
  for (const shrinkage of [0, 10]) {
    assertEquals(await learn(SMALL, { normalize: false, shrinkage }), [
      [null, 2, 2],
      [2, null, 3],
      [2, 3, null],
    ]);
  }
});

Deno.test("cosineKnn with normalize gives cosines, made smaller by shrinkage", async () => {
  assertWeights(await learn(SMALL, { normalize: true }), [
    [null, 2 / 5, 2 / Math.sqrt(50)],
    [2 / 5, null, 3 / Math.sqrt(50)],
    [2 / Math.sqrt(50), 3 / Math.sqrt(50), null],
  ]);
  const shrunk = await learn(SMALL, { normalize: true, shrinkage: 10 });
  assertWeights(shrunk, [
    [null, 2 / 15, 2 / (Math.sqrt(50) + 10)],
    [2 / 15, null, 3 / (Math.sqrt(50) + 10)],
    [2 / (Math.sqrt(50) + 10), 3 / (Math.sqrt(50) + 10), null],
  ]);
});

Deno.test("cosineKnn scores by the history's weights times the similarities", async () => {
  const model = await fit(cosineKnn, SMALL);
  assertEquals(scoresOf(model, SMALL, 0), Float32Array.of(4, 2, 8));
});

Deno.test("cosineKnn gives one of the top_k places to the item itself", async () => {
  // Rows are [5, 2, 2], [2, 5, 3] and [2, 3, 10].
  assertEquals(await learn(SMALL, { top_k: 1 }), [
    [null, null, null],
    [null, null, null],
    [null, null, null],
  ]);
  assertEquals(await learn(SMALL, { top_k: 2 }), [
    [null, 2, null],
    [null, null, 3],
    [null, 3, null],
  ]);
});

Deno.test("cosineKnn keeps the lower of items that are equally alike, itself included", async () => {
  assertEquals(await learn(fromDense([[1, 1, 1, 1]]), { top_k: 2 }), [
    [null, 1, null, null],
    [1, null, null, null],
    [1, 1, null, null],
    [1, 1, null, null],
  ]);
});

Deno.test("cosineKnn weights rare items up by TF-IDF in the second factor only", async () => {
  // Two users of four have item 0, one has item 1.
  const matrix = fromDense([[1, 3], [2, null], [null, null], [null, null]]);
  const weights = await learn(matrix, { feature_weighting: "TF_IDF" });
  assertWeights(weights, [
    [null, 3 * Math.log(4 / 2)],
    [3 * Math.log(4 / 3), null],
  ]);
});

Deno.test("cosineKnn saturates counts and holds long histories back by BM25", async () => {
  // History lengths are 4 and 2, so their mean is 3; both items' idf: ln(2 / 3 + 1) and ln(2 / 2 + 1).
  const matrix = fromDense([[1, 3], [2, null]]);
  const weights = await learn(matrix, { feature_weighting: "BM_25" });
  const norm = 1.2 * (0.25 + 0.75 * 4 / 3);
  assertWeights(weights, [
    [null, Math.log(2) * 3 * 2.2 / (3 + norm)],
    [3 * Math.log(5 / 3) * 2.2 / (1 + norm), null],
  ]);
});

Deno.test("cosineKnn agrees with dense sums for every combination of its parameters", async () => {
  const random = createRandom(9);
  const matrix = randomCsr(random, 40, 25, 0.2, () => 1 + 3 * random.float());
  await withBothKernels(async (kernels) => {
    for (const feature_weighting of ["NONE", "TF_IDF", "BM_25"] as const) {
      for (const normalize of [false, true]) {
        for (const shrinkage of [0, 2.5]) {
          for (const top_k of [4, 100]) {
            const params = { feature_weighting, normalize, shrinkage, top_k };
            const model = await fit(cosineKnn, matrix, params, { kernels });
            assertWeights(
              weightsOf(model),
              denseCosine(filled(matrix), params),
            );
          }
        }
      }
    }
  });
});

Deno.test("cosineKnn refuses weights whose products single precision cannot hold", async () => {
  for (const normalize of [false, true]) {
    await assertRejects(
      () => fit(cosineKnn, fromDense([[1e30, 1e30]]), { normalize }),
      RangeError,
      "scale the interaction weights down",
    );
  }
});

function denseCosine(
  x: number[][],
  params: Omit<CosineKnnParams, "exclude_self_first">,
): Weights {
  const weighted = weigh(x, params.feature_weighting);
  const items = x[0]!.map((_, item) => item);
  const norm = (rows: number[][], item: number) =>
    Math.sqrt(rows.reduce((sum, row) => sum + row[item]! ** 2, 0));
  return items.map((i) => {
    const row = items.map((j) => {
      const both = x.some((user) => user[i] !== 0 && user[j] !== 0);
      const product = x.reduce(
        (sum, user, u) => sum + user[i]! * weighted[u]![j]!,
        0,
      );
      if (!both) return null;
      if (!params.normalize) return product;
      const divisor = norm(x, i) * norm(weighted, j);
      return product / (divisor + params.shrinkage + 1e-6);
    });
    return keepLargest(row, params.top_k)
      .map((value, j) => i === j ? null : value);
  });
}

function weigh(
  x: number[][],
  weighting: CosineKnnParams["feature_weighting"],
): number[][] {
  if (weighting === "NONE") return x;
  const have = x[0]!.map((_, i) => x.filter((row) => row[i] !== 0).length);
  const lengths = x.map((row) => row.reduce((sum, value) => sum + value, 0));
  const mean = lengths.reduce((sum, length) => sum + length, 0) / x.length;
  return x.map((row, u) =>
    row.map((value, i) => {
      const rarity = x.length / (have[i]! + 1);
      if (weighting === "TF_IDF") return value * Math.log(rarity);
      const saturation = value +
        1.2 * (1 - 0.75 + 0.75 * lengths[u]! / mean);
      return Math.log(rarity + 1) * value * (1.2 + 1) / saturation;
    })
  );
}
