import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { nmf } from "../../algorithms/nmf.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { loadModel } from "../../core/models/load_model.ts";
import type { Model } from "../../core/models/model.ts";
import { assertClose } from "./assert_close.ts";
import { column, type Dense, dot, fitDense, scoreRow } from "./fit_dense.ts";

const [USERS, ITEMS] = [20, 12];

function randomRows(): Dense {
  const random = createRandom(6);
  return Array.from(
    { length: USERS },
    () =>
      Array.from(
        { length: ITEMS },
        () => random.float() < 0.4 ? 1 + random.int(3) : 0,
      ),
  );
}

function rowsOf(model: Model, name: string): number[][] {
  const { data, shape } = model.tensors()[name]!;
  return Array.from(
    { length: shape[0]! },
    (_, row) => Array.from(data.slice(row * shape[1]!, (row + 1) * shape[1]!)),
  );
}

Deno.test("NMF comes to factors that are not negative and whose loss no single one lowers", async () => {
  const rows = randomRows();
  const [alpha, l1_ratio] = [0.02, 0.3];
  const model = await fitDense(nmf, rows, { n_components: 3, alpha, l1_ratio });
  const [w, h] = [rowsOf(model, "user_factors"), rowsOf(model, "item_factors")];
  const check = (
    solved: Dense,
    fixed: Dense,
    residual: (row: number, other: number) => number,
  ) => {
    const strength = alpha * fixed.length;
    solved.forEach((own, r) =>
      own.forEach((value, f) => {
        assert(value >= 0);
        const gradient = strength * (l1_ratio + (1 - l1_ratio) * value) -
          fixed.reduce((sum, q, at) => sum + residual(r, at) * q[f]!, 0);
        // Ended at 1e-4 of the first sweep's gradients.
        if (value > 0) assertAlmostEquals(gradient, 0, 0.02);
        else assert(gradient > -0.02);
      })
    );
  };
  check(w, h, (u, i) => rows[u]![i]! - dot(w[u]!, h[i]!));
  check(h, w, (i, u) => rows[u]![i]! - dot(w[u]!, h[i]!));
});

Deno.test("NMF finds a product of non-negative factors again", async () => {
  const rows = Array.from(
    { length: 9 },
    (_, u) => Array.from({ length: 6 }, (_, i) => u % 2 === i % 2 ? 1 + u : 0),
  );
  const model = await fitDense(nmf, rows, { n_components: 2, alpha: 0 });
  const [w, h] = [rowsOf(model, "user_factors"), rowsOf(model, "item_factors")];
  assertClose(w.map((p) => h.map((q) => dot(p, q))), rows, 1e-2);
});

Deno.test("NMF folds a known history in to the scores of its user", async () => {
  const rows = randomRows();
  const model = await fitDense(nmf, rows, { n_components: 3 });
  const [w, h] = [rowsOf(model, "user_factors"), rowsOf(model, "item_factors")];
  assertClose(
    rows.map((row) => scoreRow(model, row)),
    w.map((p) => h.map((q) => dot(p, q))),
    1e-2,
  );
});

Deno.test("NMF scores the same after its tensors were loaded", async () => {
  const model = await fitDense(nmf, randomRows(), { n_components: 3 });
  const loaded = loadModel(model.kind, model.tensors(), {
    users: USERS,
    items: ITEMS,
  });
  const row = column(randomRows(), 0).slice(0, ITEMS);
  assertEquals(scoreRow(loaded, row), scoreRow(model, row));
});

Deno.test("NMF of interaction weights that overflow says so", async () => {
  await assertRejects(
    () => fitDense(nmf, [[3e38, 3e38], [3e38, 1]]),
    RangeError,
    "the interaction weights are too large",
  );
});

Deno.test("NMF with a regularisation that outweighs the data has scores of 0", async () => {
  const model = await fitDense(nmf, randomRows(), { alpha: 1e6, l1_ratio: 1 });
  assertEquals(scoreRow(model, randomRows()[0]!), new Array(ITEMS).fill(0));
});
