import { assertEquals, assertRejects } from "@std/assert";
import { topPop } from "../../algorithms/top_pop.ts";
import { fromDense } from "../core/kernels/matrices.ts";
import { fit, scoresOf } from "./fit.ts";

Deno.test("topPop scores each item by the sum of its weights, for whoever asks", async () => {
  const matrix = fromDense([
    [1, 0.5, null, null],
    [null, 2, null, 3],
    [4, null, null, null],
  ]);
  const model = await fit(topPop, matrix);
  for (let user = 0; user < matrix.rows; user++) {
    assertEquals(
      scoresOf(model, matrix, user),
      Float32Array.of(5, 2.5, 0, 3),
    );
  }
});

Deno.test("topPop adds up in double precision", async () => {
  const matrix = fromDense([[2 ** 24], [1], [1]]);
  const model = await fit(topPop, matrix);
  assertEquals(scoresOf(model, matrix, 0), Float32Array.of(2 ** 24 + 2));
});

Deno.test("topPop refuses a sum beyond single precision", async () => {
  await assertRejects(
    () => fit(topPop, fromDense([[3e38], [3e38]])),
    RangeError,
    "interaction weights is not finite",
  );
});
