import { assertThrows } from "@std/assert";
import { asymmetricCosineKnn } from "../../algorithms/asymmetric_cosine_knn.ts";
import { cosineKnn } from "../../algorithms/cosine_knn.ts";
import { assertClose } from "./assert_close.ts";
import { expectedNeighbours, norm, weightsOf } from "./expected_neighbours.ts";
import { dot } from "./fit_dense.ts";

Deno.test("AsymmetricCosineKNN raises the norms to 2 α and 2 (1 - α)", async () => {
  for (const alpha of [0, 0.2, 0.5, 1]) {
    assertClose(
      await weightsOf(asymmetricCosineKnn, { top_k: 3, alpha, shrinkage: 0.3 }),
      expectedNeighbours(
        3,
        (a, b) =>
          dot(a, b) / (norm(a) ** (2 * alpha) * norm(b) ** (2 - 2 * alpha) +
            0.3),
      ),
    );
  }
});

Deno.test("AsymmetricCosineKNN at α 0.5 is CosineKNN with normalize", async () => {
  for (const feature_weighting of ["NONE", "BM_25"]) {
    const params = { top_k: 4, shrinkage: 2, feature_weighting };
    assertClose(
      await weightsOf(asymmetricCosineKnn, params),
      await weightsOf(cosineKnn, { ...params, normalize: true }),
    );
  }
});

Deno.test("AsymmetricCosineKNN refuses parameters below their range by name", () => {
  for (const name of ["alpha", "top_k", "shrinkage"]) {
    assertThrows(
      () => asymmetricCosineKnn.params.parse({ [name]: -1 }),
      Error,
      name,
    );
  }
});
