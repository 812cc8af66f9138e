import { cosineKnn } from "../../algorithms/cosine_knn.ts";
import { assertClose } from "./assert_close.ts";
import {
  count,
  expectedNeighbours,
  norm,
  weightsOf,
} from "./expected_neighbours.ts";
import { dot, WEIGHTED } from "./fit_dense.ts";

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
