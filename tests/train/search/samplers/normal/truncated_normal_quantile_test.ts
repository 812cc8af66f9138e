import { assertAlmostEquals, assertEquals } from "@std/assert";
import { truncatedNormalQuantile } from "../../../../../train/search/samplers/normal/truncated_normal_quantile.ts";

/** To 40 digits by mpmath 1.3, rounded; scipy 1.17's truncnorm.ppf agrees to 1e-14. */
const KNOWN = [
  [0.3, -1, 2, -0.24240381788922682],
  [0.999, -0.5, 0.25, 0.24924963661102703],
  [1e-12, -3, 3, -2.99999999977497],
  [0.5, -40, -39, -39.01775730523235],
  [0.5, 39, 40, 39.01775730523235],
  [0.9, 5, 6, 5.421484350937918],
  [0.7, -8, 0.001, -0.38456663333310814],
  [0.25, 0, 30, 0.31863936396437514],
] as const;

Deno.test("truncatedNormalQuantile() is right in the tails and in the middle", () => {
  for (const [q, a, b, expected] of KNOWN) {
    const value = truncatedNormalQuantile(q, a, b);
    assertAlmostEquals(
      value,
      expected,
      1e-14 * Math.max(1, Math.abs(expected)),
    );
  }
});

Deno.test("truncatedNormalQuantile() is the lower end at probability 0", () => {
  assertEquals(truncatedNormalQuantile(0, -3, 2), -3);
  assertEquals(truncatedNormalQuantile(0, 3, 4), 3);
});
