import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import { loadModel } from "../../../core/models/load_model.ts";
import type { Model, Tensor } from "../../../core/models/model.ts";
import { ProjectionModel } from "../../../core/models/projection.ts";
import { fromDense } from "../kernels/matrices.ts";

const SIZE = { users: 2, items: 3 };

/** Items (1, 0), (0, 2) and (3, 4). */
function model(): Model {
  const made = new ProjectionModel(Float32Array.of(1, 0, 0, 2, 3, 4), 2);
  return loadModel(made.kind, made.tensors(), SIZE);
}

Deno.test("ProjectionModel scores by the projection of the history, known user or not", () => {
  const out = new Float32Array(3);
  const history = {
    items: Uint32Array.of(0, 1),
    weights: Float32Array.of(2, 1),
  };
  // 2 (1, 0) + (0, 2) = (2, 2).
  model().scoreHistory(history, out);
  assertEquals(out, Float32Array.of(2, 4, 14));
  model().scoreUser(1, history, out.fill(0));
  assertEquals(out, Float32Array.of(2, 4, 14));
});

Deno.test("ProjectionModel ranks as it scores, by each matrix that it is given", async () => {
  const kernels = createReferenceKernels();
  const ranked = model();
  for (const sign of [1, -1]) {
    const histories = fromDense([[null, null, 1], [2 * sign, sign, null]]);
    const ranking = await ranked.rankUsers(kernels, histories, {
      users: Uint32Array.of(1),
      seen: fromDense([[null, null, null], [1, null, null]]),
      k: 3,
    });
    assertEquals(ranking.counts, Uint32Array.of(2));
    assertEquals(
      [...ranking.indices.subarray(0, 2)],
      sign > 0 ? [2, 1] : [1, 2],
    );
  }
});

Deno.test("ProjectionModel finds items alike by the cosine of their factors", () => {
  const out = new Float32Array(3);
  model().similar(Uint32Array.of(0), out);
  [1, 0, 0.6].forEach((cosine, item) =>
    assertAlmostEquals(out[item]!, cosine, 1e-6)
  );
});

Deno.test("ProjectionModel refuses tensors that it cannot score with", () => {
  const load = (item_factors: Tensor) =>
    loadModel("projection", { item_factors }, SIZE);
  const floats = (...numbers: number[]) => Float32Array.from(numbers);
  assertThrows(
    () => load({ dtype: "f32", shape: [3, 0], data: floats() }),
    RangeError,
    "has 0 factors",
  );
  assertThrows(
    () => load({ dtype: "f32", shape: [2, 1], data: floats(1, 2) }),
    RangeError,
    "must have shape 3 × any",
  );
  assertThrows(
    () => load({ dtype: "f32", shape: [3, 1], data: floats(1, NaN, 2) }),
    RangeError,
    "must be finite",
  );
});
