import { asymmetricCosineUserKnn } from "../../algorithms/asymmetric_cosine_user_knn.ts";
import { cosineUserKnn } from "../../algorithms/cosine_user_knn.ts";
import { assertClose } from "./assert_close.ts";
import { norm } from "./expected_neighbours.ts";
import { expectedUserScores, userScores } from "./expected_user_scores.ts";
import { dot, fitDense, scoreRow, WEIGHTED } from "./fit_dense.ts";

Deno.test("AsymmetricCosineUserKNN raises the norms to 2 α and 2 (1 - α)", async () => {
  for (const alpha of [0, 0.3, 1]) {
    const params = { top_k: 3, alpha, shrinkage: 0.2 };
    assertClose(
      userScores(await fitDense(asymmetricCosineUserKnn, WEIGHTED, params)),
      expectedUserScores(
        3,
        (a, b) =>
          dot(a, b) / (norm(a) ** (2 * alpha) * norm(b) ** (2 - 2 * alpha) +
            0.2),
      ),
    );
  }
});

Deno.test("AsymmetricCosineUserKNN at α 0.5 is CosineUserKNN, for users and newcomers", async () => {
  const params = { top_k: 3, shrinkage: 2, feature_weighting: "BM_25" };
  const one = await fitDense(asymmetricCosineUserKnn, WEIGHTED, params);
  const other = await fitDense(cosineUserKnn, WEIGHTED, params);
  assertClose(userScores(one), userScores(other));
  const newcomer = [3, 0, 0, 1, 0, 0];
  assertClose([scoreRow(one, newcomer)], [scoreRow(other, newcomer)]);
});
