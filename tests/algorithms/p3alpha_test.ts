import { p3alpha } from "../../algorithms/p3alpha.ts";
import { rp3beta } from "../../algorithms/rp3beta.ts";
import { assertClose } from "./assert_close.ts";
import { expectedWalk } from "./expected_walk.ts";
import { fitDense, itemWeights, WEIGHTED } from "./fit_dense.ts";

Deno.test("P3alpha walks from item to user to item, the best sources kept per target", async () => {
  for (
    const [top_k, alpha, normalize_weight] of [
      [null, 1, false],
      [2, 1, true],
      [3, 0.6, false],
    ] as const
  ) {
    const model = await fitDense(p3alpha, WEIGHTED, {
      top_k,
      alpha,
      normalize_weight,
    });
    assertClose(
      itemWeights(model, WEIGHTED[0]!.length),
      expectedWalk({
        topK: top_k ?? WEIGHTED[0]!.length,
        alpha,
        on: "values",
        beta: 0,
        normalize: normalize_weight,
      }),
    );
  }
});

Deno.test("P3alpha is RP3beta at β 0", async () => {
  const params = { top_k: 3, normalize_weight: true };
  assertClose(
    itemWeights(await fitDense(p3alpha, WEIGHTED, params), WEIGHTED[0]!.length),
    itemWeights(
      await fitDense(rp3beta, WEIGHTED, { ...params, beta: 0 }),
      WEIGHTED[0]!.length,
    ),
  );
});
