import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { transpose } from "../../../core/kernels/transpose.ts";
import { fromDense, integerCsr, toDense } from "./matrices.ts";

Deno.test("transpose() exchanges rows and columns, stored zeros included", () => {
  const shape = fc.record({
    rows: fc.nat({ max: 8 }),
    cols: fc.nat({ max: 8 }),
  });
  fc.assert(
    fc.property(
      shape.chain(({ rows, cols }) => integerCsr(rows, cols)),
      (matrix) => {
        const dense = toDense(matrix);
        const exchanged = Array.from(
          { length: matrix.cols },
          (_, column) => dense.map((row) => row[column]!),
        );
        assertEquals(transpose(matrix), fromDense(exchanged, matrix.rows));
      },
    ),
  );
});
