import { assertEquals, assertThrows } from "@std/assert";
import { loadModel } from "../../../core/models/load_model.ts";
import type { NamedTensors, Tensor } from "../../../core/models/model.ts";
import { UserSimilarityModel } from "../../../core/models/user_similarity.ts";
import { fromDense } from "../kernels/matrices.ts";

const SIZE = { users: 2, items: 3 };

/** User 0 has items 0 and 1, user 1 has items 1 (twice) and 2; each is the other's neighbour. */
function tensors(): Record<string, Tensor> {
  const matrix = fromDense([[1, 1, null], [null, 2, 1]]);
  const model = new UserSimilarityModel({
    neighbours: fromDense([[null, 0.5], [0.25, null]]),
    matrix,
    features: matrix.values,
    divisors: Float32Array.of(1, 2),
    foldIn: { exponent: 1, shrinkage: 0.5, topK: 1 },
  });
  return { ...model.tensors() };
}

function load(parts: NamedTensors): UserSimilarityModel {
  return loadModel("user_similarity", parts, SIZE) as UserSimilarityModel;
}

Deno.test("UserSimilarityModel sums what a user's neighbours have", () => {
  const out = new Float32Array(3);
  const none = { items: new Uint32Array(), weights: new Float32Array() };
  load(tensors()).scoreUser(0, none, out);
  assertEquals(out, Float32Array.of(0, 1, 0.5));
});

Deno.test("UserSimilarityModel finds the best neighbours of a newcomer", () => {
  const out = new Float32Array(3);
  const history = { items: Uint32Array.of(1), weights: Float32Array.of(3) };
  load(tensors()).scoreHistory(history, out);
  // Likeness 3 / (3 · 1 + 0.5) to user 0, 6 / (3 · 2 + 0.5) to user 1, of which one is kept.
  const likeness = Math.fround(6 / 6.5);
  assertEquals(out, Float32Array.of(0, 2 * likeness, likeness));
});

Deno.test("UserSimilarityModel gives a newcomer who shares nothing scores of 0", () => {
  const out = new Float32Array(3).fill(7);
  const none = { items: new Uint32Array(), weights: new Float32Array() };
  load(tensors()).scoreHistory(none, out);
  assertEquals(out, new Float32Array(3));
});

Deno.test("UserSimilarityModel refuses tensors that would lead scoring astray", () => {
  const vector = (dtype: "u32" | "f32" | "f64", data: Tensor["data"]) => ({
    dtype,
    shape: [data.length],
    data,
  });
  for (
    const [name, tensor, message] of [
      [
        "fold_in",
        vector("f64", Float64Array.of(1, 0, 1.5)),
        "neighbours are 1.5",
      ],
      ["fold_in", vector("f64", Float64Array.of(NaN, 0, 1)), "must be finite"],
      [
        "indices",
        vector("u32", Uint32Array.of(0, 1, 1, 3)),
        "columns must ascend",
      ],
      [
        "neighbour_indices",
        vector("u32", Uint32Array.of(1, 2)),
        "columns must ascend and be below 2",
      ],
      ["divisors", vector("f32", Float32Array.of(1)), "must have shape 2"],
      ["values", vector("f32", Float32Array.of(1, 1, 2, Infinity)), "finite"],
    ] as const
  ) {
    assertThrows(
      () => load({ ...tensors(), [name]: tensor }),
      RangeError,
      message,
    );
  }
  assertThrows(
    () => load({ ...tensors(), more: vector("f32", new Float32Array(1)) }),
    TypeError,
    'unknown tensor "more"',
  );
});
