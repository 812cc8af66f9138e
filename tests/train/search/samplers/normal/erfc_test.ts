import { assert, assertEquals } from "@std/assert";
import { erfc } from "../../../../../train/search/samplers/normal/erfc.ts";

/** To 40 digits by mpmath 1.3, rounded. */
const KNOWN = [
  [-6, 2.0],
  [-2.5, 1.999593047982555],
  [-0.9, 1.7969082124228322],
  [-0.4, 1.4283923550466684],
  [-1e-9, 1.0000000011283792],
  [0, 1.0],
  [0.3, 0.6713732405408726],
  [0.46875, 0.507386526782062],
  [0.47, 0.5062549491139179],
  [1, 0.15729920705028513],
  [2, 0.004677734981047266],
  [3.9999, 1.5429961215558176e-8],
  [4, 1.541725790028002e-8],
  [4.5, 1.9661604415428876e-10],
  [9, 4.13703174651381e-37],
  [20, 5.395865611607901e-176],
  [26, 5.663192408856143e-296],
] as const;

Deno.test("erfc() is right to 1e-15 in all ranges and both tails", () => {
  for (const [x, expected] of KNOWN) {
    const error = Math.abs(erfc(x) / expected - 1);
    assert(error < 1e-15, `erfc(${x}) is off by ${error}`);
  }
});

Deno.test("erfc() ends in 2 and 0 and passes NaN on", () => {
  assertEquals(
    [-Infinity, -28, 28, Infinity, NaN].map(erfc),
    [2, 2, 0, 0, NaN],
  );
});
