import {
  assertAlmostEquals,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import {
  FactorsModel,
  type FactorsParts,
} from "../../../core/models/factors.ts";
import type { NamedTensors } from "../../../core/models/model.ts";
import { fromDense, randomFloats } from "../kernels/matrices.ts";
import { dot, rowsOf, solveRow } from "./solve_row.ts";
import { assertFormChecked, f32, f64 } from "./tensors.ts";

const NOTHING = { items: new Uint32Array(), weights: new Float32Array() };

/** Users (1, 2) and (0, -1); items (3, 4), (0, 0) and (-5, 0). */
const PARTS: FactorsParts = {
  users: Float32Array.of(1, 2, 0, -1),
  items: Float32Array.of(3, 4, 0, 0, -5, 0),
  factors: 2,
  foldIn: { alpha0: 0.5, reg: 0.25, nu: 1, linearOffset: 0 },
};
const TENSORS: NamedTensors = {
  user_factors: f32([1, 2, 0, -1], [2, 2]),
  item_factors: f32([3, 4, 0, 0, -5, 0], [3, 2]),
  // Half of [[9 + 25, 12], [12, 16]].
  item_gram: f32([17, 6, 6, 8], [2, 2]),
  fold_in: f64(0.5, 0.25, 1, 0),
};

Deno.test("FactorsModel.scoreUser() multiplies the user's factors with each item's", () => {
  const model = new FactorsModel(PARTS);
  const out = new Float32Array(3);
  model.scoreUser(0, NOTHING, out);
  assertEquals(out, Float32Array.of(11, 0, -5));
  model.scoreUser(1, NOTHING, out);
  assertEquals([...out].map((score) => score + 0), [-4, 0, 0]);
});

Deno.test("FactorsModel.scoreHistory() solves the row problem of training, for any settings", () => {
  const random = createRandom(12);
  const factors = 6;
  const items = randomFloats(random, 15 * factors, 0.4);
  const rows = rowsOf(items, factors);
  const out = new Float32Array(15);
  for (const nu of [0, 0.5, 1]) {
    for (const linearOffset of [0, 0.3]) {
      const foldIn = { alpha0: 0.3, reg: 0.05, nu, linearOffset };
      const users = new Float32Array();
      const model = new FactorsModel({ users, items, factors, foldIn });
      // The second history must not be touched by what the first left in the working memory.
      for (const chosen of [[2, 3, 5, 7, 11], [14]]) {
        const history = {
          items: Uint32Array.from(chosen),
          weights: Float32Array.from(chosen, () => 1 + random.int(4)),
        };
        model.scoreHistory(history, out);
        const wanted = solveRow(rows, history, foldIn);
        rows.forEach((row, item) =>
          assertAlmostEquals(out[item]!, dot(wanted, row), 1e-5)
        );
      }
    }
  }
});

Deno.test("FactorsModel.scoreHistory() scores nothing for an empty history", () => {
  const model = new FactorsModel(PARTS);
  const history = { items: Uint32Array.of(0), weights: Float32Array.of(1) };
  const out = new Float32Array(3);
  model.scoreHistory(history, out);
  model.scoreHistory(NOTHING, out);
  assertEquals([...out].map((score) => score + 0), [0, 0, 0]);
});

Deno.test("FactorsModel.scoreHistory() refuses what has no single solution, and goes on after it", () => {
  const foldIn = { ...PARTS.foldIn, alpha0: 0, reg: 0 };
  const model = new FactorsModel({ ...PARTS, foldIn });
  const history = { items: Uint32Array.of(0), weights: Float32Array.of(1) };
  const out = new Float32Array(3);
  assertThrows(
    () => model.scoreHistory({ ...history, items: Uint32Array.of(1) }, out),
    RangeError,
    "not positive definite at row 0: the regularisation is too small",
  );
  // Two items span both dimensions, so that their scores are those wished for.
  model.scoreHistory({
    items: Uint32Array.of(0, 2),
    weights: Float32Array.of(1, 1),
  }, out);
  assertAlmostEquals(out[0]!, 1, 1e-6);
  assertAlmostEquals(out[2]!, 1, 1e-6);
});

Deno.test("FactorsModel.similar() is the mean cosine with the items, 0 for an item without factors", () => {
  const model = new FactorsModel(PARTS);
  const out = new Float32Array(3);
  const cases: [number[], number[]][] = [
    [[0], [1, 0, -0.6]],
    [[2], [-0.6, 0, 1]],
    [[0, 2], [0.2, 0, 0.2]],
    [[1], [0, 0, 0]],
    [[], [0, 0, 0]],
  ];
  for (const [seeds, wanted] of cases) {
    model.similar(Uint32Array.from(seeds), out);
    wanted.forEach((score, n) => assertAlmostEquals(out[n]!, score, 1e-6));
  }
});

Deno.test("FactorsModel.rankUsers() ranks by inner products, without the seen, whatever the histories", async () => {
  const seen = fromDense([[null, null, null], [null, 1, null]]);
  const ranking = await new FactorsModel(PARTS).rankUsers(
    createReferenceKernels(),
    fromDense([[1, 1, 1], [1, 1, 1]]),
    { users: Uint32Array.of(0, 1), seen, k: 3 },
  );
  assertEquals(ranking.counts, Uint32Array.of(3, 2));
  assertEquals(ranking.indices, Uint32Array.of(0, 1, 2, 2, 0, 0));
  assertEquals(ranking.scores.subarray(0, 3), Float32Array.of(11, 0, -5));
});

Deno.test("FactorsModel.tensors() has the Gram matrix, made or as it was given", () => {
  const model = new FactorsModel(PARTS);
  assertEquals(model.kind, "factors");
  assertEquals(model.itemCount, 3);
  assertEquals(model.tensors(), TENSORS);
  const gram = Float32Array.of(1, 2, 2, 9);
  const given = new FactorsModel({ ...PARTS, gram });
  assertStrictEquals(given.tensors().item_gram!.data, gram);
});

Deno.test("FactorsModel.load() opens what tensors() gives, without copies, to the same scores", () => {
  const model = new FactorsModel(PARTS);
  const again = FactorsModel.load(TENSORS, 2, 3);
  assertEquals(again.tensors(), TENSORS);
  for (const name of ["user_factors", "item_factors", "item_gram"]) {
    assertStrictEquals(again.tensors()[name]!.data, TENSORS[name]!.data);
  }
  const history = { items: Uint32Array.of(2), weights: Float32Array.of(2) };
  const [one, other] = [new Float32Array(3), new Float32Array(3)];
  model.scoreHistory(history, one);
  again.scoreHistory(history, other);
  assertEquals(other, one);
});

Deno.test("FactorsModel.load() refuses tensors of another form", () => {
  assertFormChecked((tensors) => FactorsModel.load(tensors, 2, 3), TENSORS);
});

Deno.test("FactorsModel.load() refuses factors that do not fit together, or none", () => {
  const cases: [NamedTensors, string][] = [
    [{ user_factors: f32([1, 2], [2, 1]) }, "must have shape 2 × 2"],
    [{ item_gram: f32([1], [1, 1]) }, "must have shape 2 × 2"],
    [{ item_factors: f32([], [3, 0]) }, "has 0 factors"],
    [{ fold_in: f64(1, 2, 3) }, "must have shape 4"],
  ];
  for (const [changes, message] of cases) {
    assertThrows(
      () => FactorsModel.load({ ...TENSORS, ...changes }, 2, 3),
      RangeError,
      message,
    );
  }
});
