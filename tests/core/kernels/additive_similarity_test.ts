import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { transpose } from "../../../core/kernels/transpose.ts";
import { fromDense, randomCsr, toDense } from "./matrices.ts";
import { testEach } from "./test_each.ts";

testEach(
  "similarityTopK() with overlap divides by overlap · s + a + b + c",
  async (kernels) => {
    const result = await kernels.similarityTopK({
      left: fromDense([[1, 2], [null, 1]]),
      right: fromDense([[4, null, 1], [1, 8, null]]),
      rowNorm: Float32Array.of(1, 2),
      colNorm: Float32Array.of(1, 3, 0.5),
      shrinkage: 0.5,
      overlap: 0.5,
      topK: 2,
    });
    // Row 0 is [6, 16, 1] over [5.5, 12.5, 2.5], row 1 is [1, 8, none] over [4, 9.5, -].
    assertEquals(toDense(result), [
      [Math.fround(6 / 5.5), Math.fround(16 / 12.5), null],
      [0.25, Math.fround(8 / 9.5), null],
    ]);
  },
);

testEach(
  "similarityTopK() with overlap 0 still adds the norms",
  async (kernels) => {
    const result = await kernels.similarityTopK({
      left: fromDense([[6]]),
      right: fromDense([[1, 1]]),
      rowNorm: Float32Array.of(1),
      colNorm: Float32Array.of(1, 2),
      shrinkage: 0,
      overlap: 0,
      topK: 2,
    });
    assertEquals(toDense(result), [[3, 2]]);
  },
);

testEach(
  "similarityTopK() with overlap agrees with dense sums, sparse rows and dense rows alike",
  async (kernels) => {
    const random = createRandom(11);
    for (const density of [0.02, 0.5]) {
      const matrix = randomCsr(random, 60, 90, density, () => 1);
      const counts = new Float32Array(90);
      for (const item of matrix.indices) counts[item]! += 1;
      const result = toDense(
        await kernels.similarityTopK({
          left: transpose(matrix),
          right: matrix,
          rowNorm: counts,
          colNorm: counts,
          shrinkage: 2,
          overlap: -1,
          topK: 90,
        }),
      );
      const rows = toDense(matrix);
      for (let i = 0; i < 90; i++) {
        for (let j = 0; j < 90; j++) {
          const common = rows.filter((row) =>
            row[i] !== null && row[j] !== null
          ).length;
          assertAlmostEquals(
            result[i]![j] ?? 0,
            common / (counts[i]! + counts[j]! - common + 2),
            1e-6,
          );
        }
      }
    }
  },
);
