import { assertThrows } from "@std/assert";
import { jaccardKnn } from "../../algorithms/jaccard_knn.ts";
import { assertClose } from "./assert_close.ts";
import {
  both,
  count,
  expectedNeighbours,
  weightsOf,
} from "./expected_neighbours.ts";

Deno.test("JaccardKNN divides those who have both by those who have either, whatever the values", async () => {
  for (const [top_k, shrinkage] of [[3, 0], [100, 1.5]] as const) {
    assertClose(
      await weightsOf(jaccardKnn, { top_k, shrinkage }),
      expectedNeighbours(
        top_k,
        (a, b) =>
          both(a, b) / (count(a) + count(b) - both(a, b) + shrinkage + 1e-6),
      ),
    );
  }
});

Deno.test("JaccardKNN refuses parameters below their range by name", () => {
  for (const name of ["top_k", "shrinkage"]) {
    assertThrows(() => jaccardKnn.params.parse({ [name]: -1 }), Error, name);
  }
});
