import { assert, assertEquals } from "@std/assert";
import { algorithmByName, ALGORITHMS } from "../../../algorithms/mod.ts";
import { estimate, trialCost } from "../../../train/search/estimate.ts";
import { MOST_TRIAL_BYTES } from "../../../train/search/run_within.ts";
import { algorithm, EPOCHS } from "./fixture.ts";

const SHAPE = { users: 1000, items: 500, nonZeros: 20_000 };

Deno.test("estimate() takes memory at the upper ends of the ranges, and operations in their middle", () => {
  const learner = algorithm({
    space: {
      even: { type: "int", low: 1, high: 9 },
      log: { type: "float", low: 1, high: 100, log: true },
      choice: { type: "categorical", choices: ["x", "y"] },
    },
    cost(_shape, params) {
      const { even, log, choice } = params as Record<string, number | string>;
      assertEquals(choice, "x");
      return {
        bytes: Number(even) * Number(log),
        flops: Number(even) + Number(log),
      };
    },
  });
  assertEquals(estimate(learner, SHAPE), { bytes: 900, flops: 15 });
});

Deno.test("trialCost() counts as many epochs as a trial may run", () => {
  const learner = algorithm({
    epochs: EPOCHS,
    cost: (_shape, params) => ({
      bytes: 0,
      flops: (params as { train_epochs: number }).train_epochs,
    }),
  });
  assertEquals(trialCost(learner, {}, SHAPE).flops, EPOCHS.most);
});

for (const learner of ALGORITHMS) {
  Deno.test(`estimate() has numbers for ${learner.name}`, () => {
    const { bytes, flops } = estimate(learner, SHAPE);
    assert(bytes > 0 && Number.isFinite(bytes), String(bytes));
    assert(flops > 0 && Number.isFinite(flops), String(flops));
  });
}

Deno.test("estimate() knows factors of three million users to need more memory than a trial can use", () => {
  const shape = { users: 3e6, items: 1e5, nonZeros: 3e7 };
  assert(estimate(algorithmByName("IALS"), shape).bytes > MOST_TRIAL_BYTES);
});
