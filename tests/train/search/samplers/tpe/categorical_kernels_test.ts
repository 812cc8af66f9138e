import { assertEquals } from "@std/assert";
import { CategoricalKernels } from "../../../../../train/search/samplers/tpe/categorical_kernels.ts";

Deno.test("CategoricalKernels has the observed choice weigh 1 more than the others, and an even prior", () => {
  const kernels = new CategoricalKernels(3, [0, 2, 2]);
  // (1 + 1/4) / (1 + 3/4), (1/4) / (1 + 3/4)
  const [more, less] = [5 / 7, 1 / 7];
  const expected = [
    [more, less, less],
    [less, less, more],
    [less, less, more],
    [1 / 3, 1 / 3, 1 / 3],
  ];
  for (const choice of [0, 1, 2]) {
    const logs = new Float64Array(4);
    kernels.addLogDensities(choice, logs);
    logs.forEach((log, n) =>
      assertEquals(Math.exp(log).toFixed(14), expected[n]![choice]!.toFixed(14))
    );
  }
});

Deno.test("CategoricalKernels has a choice reach up to its cumulated weight, the end included", () => {
  const kernels = new CategoricalKernels(4, []);
  assertEquals(
    [0, 0.25, 0.2500001, 0.5, 0.75, 0.7500001, 1 - 2 ** -53]
      .map((q) => kernels.quantile(0, q)),
    [0, 0, 1, 1, 2, 3, 3],
  );
});
