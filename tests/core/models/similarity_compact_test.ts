import { assertEquals, assertThrows } from "@std/assert";
import { loadModel } from "../../../core/models/load_model.ts";
import type { NamedTensors, Tensor } from "../../../core/models/model.ts";
import { SimilarityModel } from "../../../core/models/similarity.ts";

const SIZE = { users: 1, items: 2 };

/** Item 0 says for item 1 half of a scale of 3, item 1 the whole of a scale of 2 for item 0. */
function tensors(values: Float16Array | Int8Array): Record<string, Tensor> {
  const model = new SimilarityModel({
    rows: 2,
    cols: 2,
    indptr: Uint32Array.of(0, 1, 2),
    indices: Uint32Array.of(1, 0),
    values,
    scales: Float32Array.of(3, 2),
  });
  return { ...model.tensors() };
}

function scores(given: NamedTensors): Float32Array {
  const out = new Float32Array(2);
  loadModel("similarity", given, SIZE).similar(Uint32Array.of(0, 1), out);
  return out;
}

Deno.test("SimilarityModel scores with halves and bytes times the scale of their row", () => {
  assertEquals(
    scores(tensors(Float16Array.of(0.5, 1))),
    Float32Array.of(2, 1.5),
  );
  assertEquals(
    scores(tensors(Int8Array.of(-4, 127))),
    Float32Array.of(254, -12),
  );
});

Deno.test("SimilarityModel refuses compact weights that would lead scoring astray", () => {
  const good = tensors(Float16Array.of(0.5, 1));
  assertThrows(
    () => scores(tensors(Float16Array.of(0.5, NaN))),
    RangeError,
    "must be finite",
  );
  const short = { dtype: "f32", shape: [1], data: Float32Array.of(1) } as const;
  assertThrows(
    () => scores({ ...good, scales: short }),
    RangeError,
    "must have shape 2",
  );
  const { scales: _, ...without } = good;
  assertThrows(() => scores(without), TypeError, 'has no tensor "scales"');
  const weights = {
    dtype: "f32",
    shape: [2],
    data: Float32Array.of(1, 1),
  } as const;
  assertThrows(
    () => scores({ ...good, weights }),
    TypeError,
    'unknown tensor "scales"',
  );
});
