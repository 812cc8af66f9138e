import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import { fromDense, randomCsr, toDense } from "./matrices.ts";
import { testEach } from "./test_each.ts";

/** `XᵀX`; what is 0 is not stored. */
function gramOf(matrix: Csr): Csr {
  const rows = toDense(matrix);
  return fromDense(
    Array.from(
      { length: matrix.cols },
      (_, i) =>
        Array.from({ length: matrix.cols }, (_, j) => {
          const sum = rows.reduce(
            (total, row) => total + (row[i] ?? 0) * (row[j] ?? 0),
            0,
          );
          return sum === 0 ? null : sum;
        }),
    ),
    matrix.cols,
  );
}

const EXACT = { rounds: 300, tolerance: 1e-7, topK: 1000 };

testEach(
  "elasticNet() solves one regression in closed form",
  async (kernels) => {
    const weights = await kernels.elasticNet({
      ...EXACT,
      gram: fromDense([[5, 3], [3, 2]]),
      l1: 0.5,
      l2: 0.25,
      positiveOnly: true,
    });
    assertEquals(toDense(weights), [
      [null, Math.fround(2.5 / 2.25)],
      [Math.fround(2.5 / 5.25), null],
    ]);
  },
);

testEach(
  "elasticNet() fulfils the optimality conditions of every target",
  async (kernels) => {
    const random = createRandom(8);
    for (const items of [12, 170]) {
      const matrix = randomCsr(random, 90, items, 0.15);
      const gram = gramOf(matrix);
      for (const positiveOnly of [true, false]) {
        const [l1, l2] = [0.4, 1.5];
        const result = await kernels.elasticNet({
          ...EXACT,
          gram,
          l1,
          l2,
          positiveOnly,
        });
        const w = toDense(result);
        const g = toDense(gram);
        for (let target = 0; target < items; target++) {
          assertEquals(w[target]![target], null);
          for (let item = 0; item < items; item++) {
            if (item === target) continue;
            const own = w[target]![item] ?? 0;
            let pull = (g[item]![target] ?? 0) - l2 * own;
            for (let other = 0; other < items; other++) {
              pull -= (g[item]![other] ?? 0) * (w[target]![other] ?? 0);
            }
            if (own > 0) assertAlmostEquals(pull, l1, 1e-4);
            else if (own < 0) assertAlmostEquals(pull, -l1, 1e-4);
            else {assert(
                positiveOnly ? pull < l1 + 1e-4 : Math.abs(pull) < l1 + 1e-4,
              );}
          }
        }
        const negative = result.values.some((value) => value < 0);
        assertEquals(negative, items === 170 && !positiveOnly);
      }
    }
  },
);

testEach(
  "elasticNet() keeps the weights of largest magnitude, whatever their sign",
  async (kernels) => {
    const gram = gramOf(randomCsr(createRandom(9), 40, 30, 0.4));
    const args = { gram, l1: 0.1, l2: 1, positiveOnly: false };
    const all = toDense(await kernels.elasticNet({ ...EXACT, ...args }));
    const some = await kernels.elasticNet({ ...EXACT, ...args, topK: 5 });
    toDense(some).forEach((row, target) => {
      const best = all[target]!
        .map((value, item) => ({ value: Math.abs(value ?? 0), item }))
        .sort((a, b) => b.value - a.value || a.item - b.item)
        .slice(0, 5).map(({ item }) => item);
      assertEquals(
        row,
        all[target]!.map((value, item) => best.includes(item) ? value : null),
      );
    });
  },
);

testEach(
  "elasticNet() of a matrix without interactions has no weights",
  async (kernels) => {
    const weights = await kernels.elasticNet({
      ...EXACT,
      gram: fromDense([[null, null], [null, null]]),
      l1: 0,
      l2: 0,
      positiveOnly: false,
    });
    assertEquals(weights.indptr, Uint32Array.of(0, 0, 0));
  },
);
