import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { GpuError } from "../../../../core/kernels/gpu/gpu_error.ts";
import { planPanels } from "../../../../core/kernels/gpu/panels.ts";

Deno.test("planPanels() covers the matrix in panels of multiples of 64 that fit into a binding", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 100_000 }),
    fc.integer({ min: 27, max: 31 }),
    (n, power) => {
      const bindingBytes = 2 ** power;
      const panels = planPanels(n, bindingBytes);
      let next = 0;
      for (const { start, width, rows } of panels) {
        assertEquals(start, next);
        assertEquals([width % 64, rows % 64], [0, 0]);
        assert(width > 0 && width <= 1024);
        assert(4 * width * rows <= bindingBytes);
        next = start + width;
        assertEquals(start + rows, Math.ceil(n / 64) * 64);
      }
      assertEquals(next, Math.ceil(n / 64) * 64);
    },
  ));
});

Deno.test("planPanels() cuts large matrices wide and small ones into eight", () => {
  const widths = (n: number) => planPanels(n, 2 ** 31).map((p) => p.width);
  assertEquals(widths(64), [64]);
  assertEquals(widths(700), [128, 128, 128, 128, 128, 64]);
  assertEquals(widths(20_000)[0], 1024);
});

Deno.test("planPanels() refuses a matrix whose narrowest panel does not fit", () => {
  assertThrows(
    () => planPanels(65_537, 2 ** 24),
    GpuError,
    "A matrix of 65537 rows is too large for the GPU, which takes 65536 at most; set training.device to cpu",
  );
  assertEquals(planPanels(65_536, 2 ** 24)[0]!.width, 64);
});
