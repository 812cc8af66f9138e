import { assertAlmostEquals } from "@std/assert";
import { logNormalCdf } from "../../../../../train/search/samplers/normal/log_normal_cdf.ts";
import { logNormalQuantile } from "../../../../../train/search/samplers/normal/log_normal_quantile.ts";

Deno.test("logNormalQuantile() gives back x of log Φ(x) from far left to where Φ is 1 but for 1e-15", () => {
  for (let x = -100; x <= 7.5; x += 0.31) {
    assertAlmostEquals(
      logNormalQuantile(logNormalCdf(x)),
      x,
      1e-13 * Math.max(1, Math.abs(x)),
    );
  }
});
