import { assert, assertEquals } from "@std/assert";
import { logNormalCdf } from "../../../../../train/search/samplers/normal/log_normal_cdf.ts";

/** To 40 digits by mpmath 1.3, rounded. */
const KNOWN = [
  [-1e4, -50000010.12927891],
  [-50, -1254.8313611394199],
  [-20.5, -214.0667289632638],
  [-20, -203.91715537109727],
  [-19.5, -194.0169657774975],
  [-5, -15.064998393988725],
  [-1, -1.8410216450092636],
  [0, -0.6931471805599453],
  [1, -0.17275377902344988],
  [6.1, -5.303423264355157e-10],
  [8, -6.220960574271786e-16],
] as const;

Deno.test("logNormalCdf() is right to 1e-14, also where Φ underflows or is 1", () => {
  for (const [x, expected] of KNOWN) {
    const error = Math.abs(logNormalCdf(x) / expected - 1);
    assert(error < 1e-14, `log Φ(${x}) is off by ${error}`);
  }
});

Deno.test("logNormalCdf() rises over the seams of its formulas", () => {
  for (const seam of [-20, 0]) {
    const around = [-1e-6, -1e-9, 0, 1e-9, 1e-6]
      .map((step) => logNormalCdf(seam + step));
    assertEquals(around, around.toSorted((a, b) => a - b));
  }
});
