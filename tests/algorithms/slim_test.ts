import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { slim } from "../../algorithms/slim.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { column, type Dense, dot, fitDense, itemWeights } from "./fit_dense.ts";

const USERS = 30;
const ITEMS = 9;

function randomRows(): Dense {
  const random = createRandom(3);
  return Array.from(
    { length: USERS },
    () =>
      Array.from(
        { length: ITEMS },
        () => random.float() < 0.4 ? 1 + random.int(3) : 0,
      ),
  );
}

const EXACT = { n_iter: 1000, tol: 1e-8 };

Deno.test("SLIM makes each item's regression optimal, negative weights or none", async () => {
  const rows = randomRows();
  for (const positive_only of [true, false]) {
    const [alpha, l1_ratio] = [0.06, 0.4];
    const model = await fitDense(slim, rows, {
      ...EXACT,
      alpha,
      l1_ratio,
      positive_only,
    });
    const weights = itemWeights(model, ITEMS);
    const l1 = USERS * alpha * l1_ratio;
    const l2 = USERS * alpha * (1 - l1_ratio);
    let negative = 0;
    for (let target = 0; target < ITEMS; target++) {
      const w = column(weights, target);
      assertEquals(w[target], 0);
      const residual = rows.map((row) => row[target]! - dot(row, w));
      for (let item = 0; item < ITEMS; item++) {
        if (item === target) continue;
        const pull = dot(column(rows, item), residual) - l2 * w[item]!;
        if (w[item]! > 0) assertAlmostEquals(pull, l1, 1e-3);
        else if (w[item]! < 0) assertAlmostEquals(pull, -l1, 1e-3);
        else assert(pull < l1 + 1e-3 && (positive_only || pull > -l1 - 1e-3));
        if (w[item]! < 0) negative++;
      }
    }
    assertEquals(negative > 0, !positive_only);
  }
});

Deno.test("SLIM keeps the top_k weights of largest magnitude per target", async () => {
  const params = { ...EXACT, alpha: 0.01, positive_only: false };
  const all = itemWeights(await fitDense(slim, randomRows(), params), ITEMS);
  const some = itemWeights(
    await fitDense(slim, randomRows(), { ...params, top_k: 2 }),
    ITEMS,
  );
  for (let target = 0; target < ITEMS; target++) {
    const magnitudes = column(all, target).map(Math.abs);
    const least = magnitudes.toSorted((a, b) => b - a)[1]!;
    assertEquals(
      column(some, target),
      column(all, target).map((w) => Math.abs(w) >= least ? w : 0),
    );
  }
});

Deno.test("SLIM says that interaction weights are too large to square", async () => {
  await assertRejects(
    () => fitDense(slim, [[1e30, 1e30], [1, 1]]),
    RangeError,
    "the interaction weights are too large",
  );
});
