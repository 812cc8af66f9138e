import { assertAlmostEquals, assertEquals } from "@std/assert";

/** Compares two matrices entry by entry, within `tolerance` of the larger of 1 and the wanted magnitude. */
export function assertClose(
  actual: readonly (readonly number[])[],
  wanted: readonly (readonly number[])[],
  tolerance = 1e-5,
): void {
  assertEquals(actual.length, wanted.length);
  actual.forEach((row, r) =>
    row.forEach((value, c) => {
      const expected = wanted[r]![c]!;
      const scale = Math.max(1, Math.abs(expected));
      const message = `row ${r}, column ${c}`;
      assertAlmostEquals(value, expected, tolerance * scale, message);
    })
  );
}
