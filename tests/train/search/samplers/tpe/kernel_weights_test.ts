import { assertEquals } from "@std/assert";
import { kernelWeights } from "../../../../../train/search/samplers/tpe/kernel_weights.ts";

Deno.test("kernelWeights() are even up to 25 observations", () => {
  assertEquals([...kernelWeights(0)], [1]);
  assertEquals([...kernelWeights(3)], [0.25, 0.25, 0.25, 0.25]);
  assertEquals([...kernelWeights(25)], Array(26).fill(1 / 26));
});

Deno.test("kernelWeights() lessen what is older than the newest 25, as Optuna's default_weights", () => {
  assertEquals([...kernelWeights(26)].slice(0, 2), [
    0.0014771048744460856,
    0.03840472673559823,
  ]);
  assertEquals([...kernelWeights(27)].slice(0, 2), [
    0.00136986301369863,
    0.036986301369863014,
  ]);
  assertEquals([...kernelWeights(30)].slice(0, 3), [
    0.0011661807580174927,
    0.009620991253644314,
    0.018075801749271137,
  ]);
  assertEquals(kernelWeights(30).at(-1), 0.034985422740524776);
});
