import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { fromDense, randomCsr, randomFloats, toDense } from "./matrices.ts";
import { testEach } from "./test_each.ts";

testEach(
  "nonNegativeSweep() visits the factors once, in order",
  async (kernels) => {
    const solved = Float32Array.of(0, 1);
    const violations = await kernels.nonNegativeSweep({
      matrix: fromDense([[2]]),
      fixed: Float32Array.of(1, 2),
      solved,
      factors: 2,
      gram: Float32Array.of(2, 1, 1, 4),
      l1: 0.5,
    });
    // b = (2, 4) - 0.5. Factor 0: gradient 1 - 1.5, so 0.25. Factor 1: gradient 0.25 + 4 - 3.5, so 1 - 0.75 / 4.
    assertEquals(solved, Float32Array.of(0.25, 1 - 0.75 / 4));
    assertEquals(violations, Float32Array.of(0.5 + 0.75));
  },
);

testEach(
  "nonNegativeSweep(), repeated, comes to the optimum of every row",
  async (kernels) => {
    const random = createRandom(2);
    for (const factors of [1, 5, 16]) {
      const [rows, cols] = [40, 60];
      const matrix = randomCsr(random, rows, cols, 0.2);
      const fixed = randomFloats(random, cols * factors).map(Math.abs);
      const gram = Float32Array.from({ length: factors ** 2 }, (_, at) => {
        const [i, j] = [Math.floor(at / factors), at % factors];
        let sum = i === j ? 0.5 : 0;
        for (let row = 0; row < cols; row++) {
          sum += fixed[row * factors + i]! * fixed[row * factors + j]!;
        }
        return sum;
      });
      const solved = new Float32Array(rows * factors).fill(0.1);
      const args = { matrix, fixed, solved, factors, gram, l1: 0.2 };
      for (let sweep = 0; sweep < 500; sweep++) {
        await kernels.nonNegativeSweep(args);
      }
      const dense = toDense(matrix);
      for (let row = 0; row < rows; row++) {
        for (let f = 0; f < factors; f++) {
          let gradient = 0.2;
          for (let j = 0; j < factors; j++) {
            gradient += gram[f * factors + j]! * solved[row * factors + j]!;
          }
          dense[row]!.forEach((value, col) => {
            gradient -= (value ?? 0) * fixed[col * factors + f]!;
          });
          if (solved[row * factors + f]! > 0) {
            assertAlmostEquals(
              gradient,
              0,
              1e-3,
            );
          } else assert(gradient > -1e-3);
        }
      }
    }
  },
);
