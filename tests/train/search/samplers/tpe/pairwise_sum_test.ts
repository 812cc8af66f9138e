import { assertEquals } from "@std/assert";
import { pairwiseSum } from "../../../../../train/search/samplers/tpe/pairwise_sum.ts";

Deno.test("pairwiseSum() rounds as numpy's sum, below, at and above its block sizes", () => {
  // numpy 2.4: np.array([1 / (i + 1) for i in range(n)]).sum(); adding in order gives other last digits for most.
  const known = {
    7: 2.5928571428571425,
    8: 2.7178571428571425,
    9: 2.8289682539682537,
    127: 5.425334592589172,
    128: 5.433147092589173,
    129: 5.440899030573669,
    136: 5.493542515771517,
    257: 6.128236013400938,
    1000: 7.485470860550345,
  };
  for (const [count, expected] of Object.entries(known)) {
    const values = Array.from({ length: Number(count) }, (_, n) => 1 / (n + 1));
    assertEquals(pairwiseSum(values), expected, count);
  }
  assertEquals(pairwiseSum([]), 0);
});
