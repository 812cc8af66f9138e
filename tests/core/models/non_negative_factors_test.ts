import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { loadModel } from "../../../core/models/load_model.ts";
import { NonNegativeFactorsModel } from "../../../core/models/non_negative_factors.ts";
import type { Model } from "../../../core/models/model.ts";

const SIZE = { users: 1, items: 2 };

/** Items (1, 0) and (1, 2); the gram matrix has a ridge of 1. */
function model(): Model {
  const parts = {
    users: Float32Array.of(2, 1),
    items: Float32Array.of(1, 0, 1, 2),
    factors: 2,
    gram: Float32Array.of(3, 2, 2, 5),
    l1: 0.5,
  };
  const made = new NonNegativeFactorsModel(parts);
  return loadModel(made.kind, made.tensors(), SIZE);
}

Deno.test("NonNegativeFactorsModel scores by inner products", () => {
  const out = new Float32Array(2);
  const none = { items: new Uint32Array(), weights: new Float32Array() };
  model().scoreUser(0, none, out);
  assertEquals(out, Float32Array.of(2, 4));
});

Deno.test("NonNegativeFactorsModel solves for a newcomer, a factor that would be negative held at 0", () => {
  const out = new Float32Array(2);
  const history = { items: Uint32Array.of(0), weights: Float32Array.of(1) };
  model().scoreHistory(history, out);
  // b = (1, 0) - 0.5: the second factor is pulled down, the first alone is 0.5 / 3.
  assertAlmostEquals(out[0]!, 0.5 / 3, 1e-6);
  assertAlmostEquals(out[1]!, 0.5 / 3, 1e-6);
  const both = {
    items: Uint32Array.of(0, 1),
    weights: Float32Array.of(1, 3),
  };
  model().scoreHistory(both, out);
  // b = (3.5, 5.5): 3 p + 2 q = 3.5 and 2 p + 5 q = 5.5.
  const [p, q] = [6.5 / 11, 9.5 / 11];
  assertAlmostEquals(out[0]!, p, 1e-5);
  assertAlmostEquals(out[1]!, p + 2 * q, 1e-5);
});

Deno.test("NonNegativeFactorsModel refuses a gram matrix of another size", () => {
  const tensors = model().tensors();
  const gram = { dtype: "f32", shape: [1, 4], data: new Float32Array(4) };
  assertThrows(
    () =>
      loadModel(
        "non_negative_factors",
        { ...tensors, item_gram: gram as typeof tensors[string] },
        SIZE,
      ),
    RangeError,
    'tensor "item_gram" has shape 1 × 4',
  );
});
