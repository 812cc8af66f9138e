import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { FactorsModel } from "../../../core/models/factors.ts";
import { loadModel } from "../../../core/models/load_model.ts";
import type { Model } from "../../../core/models/model.ts";
import { PopularityModel } from "../../../core/models/popularity.ts";
import { SimilarityModel } from "../../../core/models/similarity.ts";
import { createReferenceScoreKernels } from "../../../core/kernels/create_reference_score_kernels.ts";
import { fromDense } from "../kernels/matrices.ts";

const MODELS: readonly Model[] = [
  new PopularityModel(Float32Array.of(1, 2)),
  new SimilarityModel(fromDense([[1, 2], [3, 4]])),
  new FactorsModel({
    users: Float32Array.of(1),
    items: Float32Array.of(2, 3),
    factors: 1,
    foldIn: { alpha0: 1, reg: 1, nu: 1, linearOffset: 0 },
  }),
];

Deno.test("loadModel() opens every kind from its own tensors, and from no other's", () => {
  for (const model of MODELS) {
    const options = { users: 1, items: 2 };
    const again = loadModel(model.kind, model.tensors(), options);
    assertInstanceOf(again, model.constructor as typeof PopularityModel);
    assertEquals(again.tensors(), model.tensors());
    for (const { kind } of MODELS) {
      if (kind === model.kind) continue;
      assertThrows(() => loadModel(kind, model.tensors(), options), TypeError);
    }
  }
});

Deno.test("loadModel() refuses tensors of other numbers of users or items", () => {
  for (const model of MODELS) {
    const options = { users: 1, items: 3 };
    assertThrows(
      () => loadModel(model.kind, model.tensors(), options),
      RangeError,
      "must have shape",
    );
  }
  const factors = MODELS[2]!;
  assertThrows(
    () => loadModel("factors", factors.tensors(), { users: 2, items: 2 }),
    RangeError,
    "must have shape 2 × 1",
  );
});

Deno.test("loadModel() hands on the kernels", () => {
  function fill(...args: readonly unknown[]): void {
    (args[3] as Float32Array).fill(42);
  }
  const kernels = {
    ...createReferenceScoreKernels(),
    scoreFactors: fill,
    scoreSparse: fill,
  };
  for (const model of MODELS.slice(1)) {
    const options = { users: 1, items: 2, kernels };
    const out = new Float32Array(2);
    const history = { items: Uint32Array.of(0), weights: Float32Array.of(1) };
    loadModel(model.kind, model.tensors(), options).scoreUser(0, history, out);
    assertEquals(out, Float32Array.of(42, 42));
  }
});

Deno.test("loadModel() refuses a kind that it does not know, naming those it does", () => {
  for (const kind of ["", "Factors", "__proto__", "constructor", "toString"]) {
    assertThrows(
      () => loadModel(kind, {}, { users: 1, items: 2 }),
      TypeError,
      `Model kind ${
        JSON.stringify(kind)
      } is unknown: this version knows popularity, similarity, dense_similarity, factors`,
    );
  }
});
