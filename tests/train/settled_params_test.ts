import { assertEquals } from "@std/assert";
import { denseSlim } from "../../algorithms/dense_slim.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { topPop } from "../../algorithms/top_pop.ts";
import { settledParams } from "../../train/settled_params.ts";
import { fromDense } from "../core/kernels/matrices.ts";
import { trial } from "./fixture.ts";

Deno.test("settledParams() are those that the algorithm settles by the shape of the matrix, if any", () => {
  const best = (algorithm: Algorithm, params: Record<string, number>) => ({
    ...trial({ params }),
    algorithm,
    epochs: null,
  });
  const slim = denseSlim as Algorithm;
  const large = fromDense([[1]], 100_000);
  assertEquals(settledParams(best(slim, { reg: 2 }), large), {
    neighbours: 256,
  });
  assertEquals(settledParams(best(slim, { reg: 2 }), fromDense([[1, 1]])), {});
  assertEquals(settledParams(best(topPop as Algorithm, {}), large), {});
});
