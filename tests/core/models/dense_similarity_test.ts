import { assertEquals, assertThrows } from "@std/assert";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import { DenseSimilarityModel } from "../../../core/models/dense_similarity.ts";
import { loadModel } from "../../../core/models/load_model.ts";
import type { Model, Tensor } from "../../../core/models/model.ts";
import { fromDense } from "../kernels/matrices.ts";

const SIZE = { users: 1, items: 2 };

function model(): Model {
  const made = new DenseSimilarityModel(Float32Array.of(0, 2, 3, 0), 2);
  return loadModel(made.kind, made.tensors(), SIZE);
}

Deno.test("DenseSimilarityModel scores by the weighted rows of the history", async () => {
  const out = new Float32Array(2);
  const history = { items: Uint32Array.of(1), weights: Float32Array.of(4) };
  model().scoreUser(0, history, out);
  assertEquals(out, Float32Array.of(12, 0));
  model().similar(Uint32Array.of(0, 1), out);
  assertEquals(out, Float32Array.of(3, 2));
  const ranking = await model().rankUsers(
    createReferenceKernels(),
    fromDense([[null, 4]]),
    { users: Uint32Array.of(0), seen: fromDense([[null, 1]]), k: 2 },
  );
  assertEquals(ranking.counts, Uint32Array.of(1));
  assertEquals(ranking.scores[0], 12);
});

Deno.test("DenseSimilarityModel refuses weights that are not finite or not square", () => {
  const load = (weights: Tensor) =>
    loadModel("dense_similarity", { weights }, SIZE);
  const data = Float32Array.of(0, 1, Infinity, 0);
  assertThrows(
    () => load({ dtype: "f32", shape: [2, 2], data }),
    RangeError,
    "must be finite",
  );
  assertThrows(
    () => load({ dtype: "f32", shape: [4, 1], data: new Float32Array(4) }),
    RangeError,
    "must have shape 2 × 2",
  );
  assertThrows(
    () => load({ dtype: "f16", shape: [2, 2], data: new Float16Array(4) }),
    TypeError,
    "is f16, must be f32",
  );
});
