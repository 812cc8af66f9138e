import { assertAlmostEquals } from "@std/assert";
import { logNormalMass } from "../../../../../train/search/samplers/normal/log_normal_mass.ts";

/** To 40 digits by mpmath 1.3, rounded. */
const KNOWN = [
  [-40, -39, -765.0831565643775],
  [-8, -7.5, -31.095579450839754],
  [-1, 0.5, -0.6295956325528635],
  [-1e-3, 2e-3, -6.72808202351855],
  [-30, 30, 0],
  [3, 3.25, -7.165395831752419],
  [7, 9, -27.384307586994964],
  [38, 39, -726.5572160188201],
] as const;

Deno.test("logNormalMass() is right in the tails, in the middle and over nearly everything", () => {
  for (const [a, b, expected] of KNOWN) {
    assertAlmostEquals(logNormalMass(a, b), expected, 1e-11);
    assertAlmostEquals(logNormalMass(-b, -a), expected, 1e-11);
  }
});
