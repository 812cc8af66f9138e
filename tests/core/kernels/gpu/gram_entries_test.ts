import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { gramEntries } from "../../../../core/kernels/gpu/gram_entries.ts";
import { integerCsr, toDense } from "../matrices.ts";

const SIZES = fc.record({
  rows: fc.integer({ min: 0, max: 9 }),
  cols: fc.integer({ min: 1, max: 7 }),
});

Deno.test("gramEntries() finds every pair of entries of a row once, run by run", () => {
  const matrices = SIZES.chain(({ rows, cols }) => integerCsr(rows, cols));
  fc.assert(fc.property(matrices, fc.nat({ max: 20 }), (matrix, most) => {
    const { rows, cols } = matrix;
    const sums = new Float32Array(cols * cols);
    for (const part of gramEntries(matrix, most)) {
      const { begins, places, ends, columns, values } = part;
      for (let column = 0; column < cols; column++) {
        for (let at = begins[column]!; at < begins[column + 1]!; at++) {
          const place = places[at]!;
          assertEquals(columns[place], column);
          for (let other = place; other < ends[at]!; other++) {
            sums[columns[other]! * cols + column]! += values[place]! *
              values[other]!;
          }
        }
      }
    }
    const dense = toDense(matrix);
    for (let i = 0; i < cols; i++) {
      for (let j = 0; j < cols; j++) {
        let sum = 0;
        for (let row = 0; row < rows && j <= i; row++) {
          sum += (dense[row]![i] ?? 0) * (dense[row]![j] ?? 0);
        }
        assertEquals(sums[i * cols + j]! + 0, sum + 0);
      }
    }
  }));
});

Deno.test("gramEntries() gives runs of as many entries as allowed, or of one row", () => {
  const matrices = SIZES.chain(({ rows, cols }) => integerCsr(rows, cols));
  fc.assert(fc.property(matrices, fc.nat({ max: 20 }), (matrix, most) => {
    const longest = Math.max(
      0,
      ...Array.from(
        { length: matrix.rows },
        (_, row) => matrix.indptr[row + 1]! - matrix.indptr[row]!,
      ),
    );
    const lengths = [...gramEntries(matrix, most)].map((part) =>
      part.values.length
    );
    assert(lengths.every((n) => n > 0 && n <= Math.max(most, longest)));
    for (let at = 1; at < lengths.length; at++) {
      assert(lengths[at - 1]! + lengths[at]! > most);
    }
    assertEquals(lengths.reduce((a, b) => a + b, 0), matrix.values.length);
  }));
});
