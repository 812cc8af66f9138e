import { assertRejects } from "@std/assert";
import { rp3beta } from "../../algorithms/rp3beta.ts";
import { assertClose } from "./assert_close.ts";
import { expectedWalk } from "./expected_walk.ts";
import { fitDense, itemWeights, WEIGHTED } from "./fit_dense.ts";

Deno.test("RP3beta divides by the target's popularity, and takes the power of values or of probabilities", async () => {
  for (
    const [alpha, alpha_on, beta, normalize_weight] of [
      [1, "values", 0.6, false],
      [1.7, "values", 0.3, true],
      [0.566, "probabilities", 0.01, true],
      [1.5, "probabilities", 0.5, false],
    ] as const
  ) {
    const model = await fitDense(rp3beta, WEIGHTED, {
      top_k: 3,
      alpha,
      alpha_on,
      beta,
      normalize_weight,
    });
    assertClose(
      itemWeights(model, WEIGHTED[0]!.length),
      expectedWalk({
        topK: 3,
        alpha,
        on: alpha_on,
        beta,
        normalize: normalize_weight,
      }),
    );
  }
});

Deno.test("RP3beta names what makes its weights overflow", async () => {
  for (
    const [params, rows, name] of [
      [{ alpha: 500 }, [[1e3, 1], [1, 1]], "lower alpha"],
      [{ beta: 500 }, [[1e3, 1], [1, 1]], "lower beta"],
    ] as const
  ) {
    await assertRejects(
      () => fitDense(rp3beta, rows, params),
      RangeError,
      name,
    );
  }
});
