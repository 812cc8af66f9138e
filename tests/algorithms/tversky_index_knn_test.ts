import { assertEquals, assertThrows } from "@std/assert";
import { jaccardKnn } from "../../algorithms/jaccard_knn.ts";
import { tverskyIndexKnn } from "../../algorithms/tversky_index_knn.ts";
import { assertClose } from "./assert_close.ts";
import {
  both,
  count,
  expectedNeighbours,
  weightsOf,
} from "./expected_neighbours.ts";

Deno.test("TverskyIndexKNN weighs those who have one item alone by α and β", async () => {
  for (const [alpha, beta] of [[0.5, 0.5], [0, 2], [1.3, 0.1]] as const) {
    assertClose(
      await weightsOf(tverskyIndexKnn, { top_k: 3, alpha, beta, shrinkage: 1 }),
      expectedNeighbours(3, (a, b) => {
        const c = both(a, b);
        return c /
          (c + alpha * (count(a) - c) + beta * (count(b) - c) + 1 + 1e-6);
      }),
    );
  }
});

Deno.test("TverskyIndexKNN at α 1 and β 1 is JaccardKNN", async () => {
  assertEquals(
    await weightsOf(tverskyIndexKnn, { alpha: 1, beta: 1 }),
    await weightsOf(jaccardKnn, {}),
  );
});

Deno.test("TverskyIndexKNN refuses parameters below their range by name", () => {
  for (const name of ["alpha", "beta", "top_k"]) {
    assertThrows(
      () => tverskyIndexKnn.params.parse({ [name]: -1 }),
      Error,
      name,
    );
  }
});
