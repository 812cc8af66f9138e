import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bprfm } from "../../algorithms/bprfm.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { loadModel } from "../../core/models/load_model.ts";
import type { Model } from "../../core/models/model.ts";
import { type Dense, fitDense, scoreRow } from "./fit_dense.ts";

/** Two groups of users and items; a user has most items of the own group. */
const GROUPS: Dense = Array.from(
  { length: 40 },
  (_, user) =>
    Array.from(
      { length: 24 },
      (_, item) => user % 2 === item % 2 && (user + item) % 5 !== 0 ? 1 : 0,
    ),
);
const PARAMS = { n_components: 8, train_epochs: 150 };

function scoresOf(model: Model, user: number): number[] {
  const out = new Float32Array(24);
  const none = { items: new Uint32Array(), weights: new Float32Array() };
  model.scoreUser(user, none, out);
  return Array.from(out);
}

/** Share of pairs of an item of the own group and one of the other that are in order. */
function area(scores: readonly number[], group: number): number {
  const own = scores.filter((_, item) => item % 2 === group);
  const other = scores.filter((_, item) => item % 2 !== group);
  const pairs = own.flatMap((a) => other.map((b) => a > b ? 1 : 0));
  return pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length;
}

Deno.test("BPRFM ranks the own group first, known users and newcomers, with either loss", async () => {
  for (const loss of ["bpr", "warp"]) {
    const model = await fitDense(bprfm, GROUPS, { ...PARAMS, loss });
    for (let user = 0; user < GROUPS.length; user++) {
      // What a user lacks of the own group is held against it now and then.
      assert(area(scoresOf(model, user), user % 2) > 0.97);
      // Fewer passes than in training.
      assert(area(scoreRow(model, GROUPS[user]!), user % 2) > 0.95);
    }
  }
});

Deno.test("BPRFM finds items of the same group alike", async () => {
  const model = await fitDense(bprfm, GROUPS, PARAMS);
  const out = new Float32Array(24);
  for (let item = 0; item < 24; item++) {
    model.similar(Uint32Array.of(item), out);
    assertEquals(area(Array.from(out), item % 2), 1);
  }
});

Deno.test("BPRFM gives the same bits for a seed on any number of threads, several blocks included", async () => {
  const rows = Array.from(
    { length: 600 },
    (_, user) =>
      Array.from({ length: 520 }, (_, item) => (user * item) % 97 < 4 ? 1 : 0),
  );
  const results: unknown[] = [];
  for (const threads of [1, 3]) {
    const kernels = await createKernels({ threads });
    const model = await fitDense(bprfm, rows, {
      n_components: 5,
      train_epochs: 2,
    }, { kernels });
    kernels.close();
    results.push(model.tensors());
  }
  assertEquals(results[0], results[1]);
});

Deno.test("BPRFM takes no note of how large weights are", async () => {
  const larger = GROUPS.map((row, user) => row.map((x) => x * (1 + user)));
  const [one, other] = [
    await fitDense(bprfm, GROUPS, PARAMS),
    await fitDense(bprfm, larger, PARAMS),
  ];
  assertEquals(one.tensors(), other.tensors());
});

Deno.test("BPRFM with strong decay holds its factors near 0", async () => {
  const size = async (alpha: number) => {
    const model = await fitDense(bprfm, GROUPS, {
      ...PARAMS,
      item_alpha: alpha,
      user_alpha: alpha,
    });
    const factors = model.tensors()["item_factors"]!.data as Float32Array;
    return Math.hypot(...factors);
  };
  assert(await size(1) < 0.5 * await size(1e-9));
});

Deno.test("BPRFM scores the same after its tensors were loaded", async () => {
  const model = await fitDense(bprfm, GROUPS, { ...PARAMS, loss: "warp" });
  const loaded = loadModel(model.kind, model.tensors(), {
    users: 40,
    items: 24,
  });
  assertEquals(scoresOf(loaded, 3), scoresOf(model, 3));
  assertEquals(scoreRow(loaded, GROUPS[3]!), scoreRow(model, GROUPS[3]!));
});

Deno.test("BPRFM gives a newcomer who has everything, and one who has nothing, the items by their bias", async () => {
  const model = await fitDense(bprfm, GROUPS, PARAMS);
  const biases = model.tensors()["item_biases"]!.data as Float32Array;
  for (const value of [0, 1]) {
    scoreRow(model, new Array<number>(24).fill(value)).forEach((score, item) =>
      assertAlmostEquals(score, biases[item]!)
    );
  }
});
