import { assertRejects } from "@std/assert";
import { turboCf } from "../../algorithms/turbo_cf.ts";
import { assertClose } from "./assert_close.ts";
import { add, itemGraph, multiply } from "./expected_filters.ts";
import {
  type Dense,
  fitDense,
  itemWeights,
  keepLargest,
  WEIGHTED,
} from "./fit_dense.ts";

function graph(alpha: number, power: number, top_k: number): Dense {
  return itemGraph(WEIGHTED, -alpha, alpha - 1)
    .map((row) => row.map((value) => value === 0 ? 0 : value ** power))
    .map((row) => keepLargest(row, top_k));
}

Deno.test("TurboCF normalises by powers of degrees, and takes a power of each entry", async () => {
  for (
    const [alpha, power, top_k] of [
      [0.6, 0.7, 6],
      [0, 1, 6],
      [1, 1.4, 6],
      [0.5, 2, 2],
      [0.6, 0.7, 1],
    ] as const
  ) {
    const model = await fitDense(turboCf, WEIGHTED, { alpha, power, top_k });
    assertClose(itemWeights(model, 6), graph(alpha, power, top_k));
  }
});

Deno.test("TurboCF's second filter is 2P - P² of the entries kept, cut again", async () => {
  for (const [power, top_k] of [[1, 6], [0.7, 6], [1, 3], [1, 1]] as const) {
    const model = await fitDense(turboCf, WEIGHTED, {
      alpha: 0.5,
      power,
      filter: 2,
      top_k,
    });
    const kept = graph(0.5, power, top_k);
    const whole = add(
      add(kept, kept, 1),
      multiply(kept, kept),
      -1,
    );
    assertClose(
      itemWeights(model, 6),
      whole.map((row) => keepLargest(row, top_k)),
    );
  }
});

Deno.test("TurboCF refuses interaction weights that sum to less than 0", async () => {
  await assertRejects(
    () => fitDense(turboCf, [[-2, 1], [1, 1]]),
    RangeError,
    "TurboCF: an interaction weight divided by its user's and item's sums is not finite",
  );
});
