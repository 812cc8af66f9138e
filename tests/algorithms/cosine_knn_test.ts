import { cosineKnn } from "../../algorithms/cosine_knn.ts";
import { assertClose } from "./assert_close.ts";
import {
  count,
  expectedNeighbours,
  norm,
  weightsOf,
} from "./expected_neighbours.ts";
import { dot, keepLargest, WEIGHTED } from "./fit_dense.ts";

Deno.test("CosineKNN without normalize weighs by products alone, whatever the shrinkage", async () => {
  for (const top_k of [2, 3, 10]) {
    assertClose(
      await weightsOf(cosineKnn, { top_k, shrinkage: 50 }),
      expectedNeighbours(top_k, dot),
    );
  }
});

Deno.test("CosineKNN with normalize divides by the norms and the shrinkage", async () => {
  assertClose(
    await weightsOf(cosineKnn, { top_k: 3, normalize: true, shrinkage: 0.7 }),
    expectedNeighbours(3, (a, b) => dot(a, b) / (norm(a) * norm(b) + 0.7)),
  );
});

Deno.test("CosineKNN with exclude_self_first keeps as many other items as top_k says", async () => {
  for (const top_k of [1, 2, 3]) {
    const params = { top_k, normalize: true, exclude_self_first: true };
    const actual = await weightsOf(cosineKnn, params);
    const all = await weightsOf(cosineKnn, { ...params, top_k: 100 });
    assertClose(actual, all.map((row) => keepLargest(row, top_k)));
  }
});

Deno.test("CosineKNN weights the second factor by TF-IDF", async () => {
  assertClose(
    await weightsOf(cosineKnn, {
      normalize: true,
      feature_weighting: "TF_IDF",
    }),
    expectedNeighbours(
      100,
      (a, b) => dot(a, b) / (norm(a) * norm(b) + 1e-6),
      (b) =>
        b.map((value) => value * Math.log(WEIGHTED.length / (count(b) + 1))),
    ),
  );
});
