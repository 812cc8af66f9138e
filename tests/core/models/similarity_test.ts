import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import type { NamedTensors } from "../../../core/models/model.ts";
import { SimilarityModel } from "../../../core/models/similarity.ts";
import { fromDense } from "../kernels/matrices.ts";
import { assertFormChecked, f32, u32 } from "./tensors.ts";

const WEIGHTS = fromDense([[null, 2, 1], [null, null, 4], [8, null, null]]);
const TENSORS: NamedTensors = {
  indptr: u32(0, 2, 3, 4),
  indices: u32(1, 2, 2, 0),
  weights: f32([2, 1, 4, 8]),
};

Deno.test("SimilarityModel scores by the rows of the history's items, times their weights", () => {
  const model = new SimilarityModel(WEIGHTS);
  const history = {
    items: Uint32Array.of(0, 1),
    weights: Float32Array.of(3, 0.5),
  };
  const out = new Float32Array(3).fill(7);
  model.scoreHistory(history, out);
  assertEquals(out, Float32Array.of(0, 6, 5));
  model.scoreUser(99, history, out.fill(7));
  assertEquals(out, Float32Array.of(0, 6, 5));
  const nothing = { items: new Uint32Array(), weights: new Float32Array() };
  model.scoreHistory(nothing, out);
  assertEquals(out, new Float32Array(3));
});

Deno.test("SimilarityModel.similar() sums the rows of the items", () => {
  const out = new Float32Array(3).fill(7);
  new SimilarityModel(WEIGHTS).similar(Uint32Array.of(0, 2), out);
  assertEquals(out, Float32Array.of(8, 2, 1));
});

Deno.test("SimilarityModel.rankUsers() ranks by the weights of the histories, without the seen", async () => {
  const histories = fromDense([[1, null, null], [null, 1, 2]]);
  const ranking = await new SimilarityModel(WEIGHTS).rankUsers(
    createReferenceKernels(),
    histories,
    { users: Uint32Array.of(1, 0), seen: histories, k: 2 },
  );
  assertEquals(ranking.counts, Uint32Array.of(1, 2));
  assertEquals(ranking.indices, Uint32Array.of(0, 0, 1, 2));
  assertEquals(ranking.scores, Float32Array.of(16, 0, 2, 1));
});

Deno.test("SimilarityModel.load() opens what tensors() gives, without copies", () => {
  const model = new SimilarityModel(WEIGHTS);
  assertEquals(model.kind, "similarity");
  assertEquals(model.itemCount, 3);
  assertEquals(model.tensors(), TENSORS);
  const again = SimilarityModel.load(model.tensors(), 3);
  for (const [name, { data }] of Object.entries(again.tensors())) {
    assertStrictEquals(data, model.tensors()[name]!.data);
  }
});

Deno.test("SimilarityModel.load() refuses tensors of another form", () => {
  assertFormChecked((tensors) => SimilarityModel.load(tensors, 3), TENSORS);
});

Deno.test("SimilarityModel.load() refuses rows and columns that would lead astray", () => {
  const cases: [Partial<NamedTensors>, string][] = [
    [{ indptr: u32(1, 2, 3, 4) }, "must cover its 4 entries"],
    [{ indptr: u32(0, 2, 3, 3) }, "must cover its 4 entries"],
    [{ indptr: u32(0, 2, 3, 5) }, "must cover its 4 entries"],
    [{ indptr: u32(0, 2, 1, 4) }, "Row 1 of item weights ends before"],
    [{ indptr: u32(0, 9, 9, 4) }, "Row 0 of item weights ends before"],
    [{ indices: u32(2, 1, 2, 0) }, "Row 0 of item weights has column 1"],
    [{ indices: u32(1, 1, 2, 0) }, "Row 0 of item weights has column 1"],
    [{ indices: u32(1, 2, 3, 0) }, "Row 1 of item weights has column 3"],
    [{ indices: u32(1, 2, 2, 2 ** 32 - 1) }, "must ascend and be below 3"],
    [{ weights: f32([1, 2, 3]) }, "must have shape 4"],
  ];
  for (const [changes, message] of cases) {
    const tensors = { ...TENSORS, ...changes } as NamedTensors;
    assertThrows(() => SimilarityModel.load(tensors, 3), RangeError, message);
  }
});
