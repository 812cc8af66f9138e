import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  extentOf,
  linearScale,
  logScale,
  type Scale,
} from "../../../../train/report/plot/scale.ts";

Deno.test("extentOf() finds the ends, and none where there is nothing", () => {
  assertEquals(extentOf([3, -1, 2]), [-1, 3]);
  assertEquals(extentOf([]), null);
});

Deno.test("linearScale() is marked at round values beyond both ends", () => {
  const scale = linearScale([0.0449, 0.2192], 6);
  assertEquals(scale.ticks, [0, 0.05, 0.1, 0.15, 0.2, 0.25]);
  assertEquals([0, 0.125, 0.25].map(scale.at), [0, 0.5, 1]);
});

Deno.test("linearScale() marks whole numbers only, where asked", () => {
  assertEquals(linearScale([0, 2], 6, 1).ticks, [0, 1, 2]);
  assertEquals(linearScale([0, 39], 6, 1).ticks, [0, 10, 20, 30, 40]);
});

Deno.test("linearScale() gives room to a single value", () => {
  const scale = linearScale([5, 5], 4);
  assertEquals(scale.at(5), 0.5);
});

Deno.test("logScale() is marked at powers of ten, and at more where these are few", () => {
  assertEquals(logScale([1e-5, 0.5], 5).ticks, [1e-5, 1e-4, 1e-3, 0.01, 0.1]);
  assertEquals(logScale([3, 40], 5).ticks, [5, 10, 20]);
  const scale = logScale([0.01, 100], 5);
  assertEquals([0.01, 1, 100].map((n) => +scale.at(n).toFixed(9)), [0, 0.5, 1]);
});

function assertScale(scale: Scale, low: number, high: number, most: number) {
  const near = (value: number) => value > -1e-6 && value < 1 + 1e-6;
  assert(near(scale.at(low)) && near(scale.at(high)));
  assert(scale.at(low) < scale.at(high));
  assert(scale.ticks.length <= most + 1, String(scale.ticks));
  assert(scale.ticks.every((tick) => near(scale.at(tick))));
  assertEquals(scale.ticks, scale.ticks.toSorted((a, b) => a - b));
}

Deno.test("scales hold all values and marks, whatever the ends", () => {
  const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(positive, positive, fc.integer({ min: 2, max: 9 }), (
      one,
      other,
      most,
    ) => {
      const low = Math.min(one, other);
      const high = Math.max(one, other);
      fc.pre(high / low > 1 + 1e-6);
      assertScale(linearScale([low, high], most), low, high, most);
      assertScale(linearScale([-high, high], most), -high, high, most);
      assertScale(logScale([low, high], most), low, high, most);
    }),
  );
});
