import { cosineKnn } from "../../algorithms/cosine_knn.ts";
import { assertClose } from "./assert_close.ts";
import { weightsOf } from "./expected_neighbours.ts";
import { keepLargest } from "./fit_dense.ts";

Deno.test("CosineKNN with exclude_self_first keeps as many other items as top_k says", async () => {
  for (const top_k of [1, 2, 3]) {
    const params = { top_k, normalize: true, exclude_self_first: true };
    const actual = await weightsOf(cosineKnn, params);
    const all = await weightsOf(cosineKnn, { ...params, top_k: 100 });
    assertClose(actual, all.map((row) => keepLargest(row, top_k)));
  }
});
