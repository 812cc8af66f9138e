import { assert, assertEquals, assertThrows } from "@std/assert";
import { BiasedFactorsModel } from "../../../core/models/biased_factors.ts";
import { loadModel } from "../../../core/models/load_model.ts";
import type { Tensor } from "../../../core/models/model.ts";

const SIZE = { users: 1, items: 3 };

function tensors(others = Uint32Array.of(0, 1, 2)): Record<string, Tensor> {
  const model = new BiasedFactorsModel({
    users: Float32Array.of(1, 2),
    items: Float32Array.of(1, 0, 0, 1, -1, 0),
    biases: Float32Array.of(0.5, 0, 0.25),
    factors: 2,
    foldIn: { loss: "bpr", learningRate: 0.05, decay: 0, others },
  });
  return { ...model.tensors() };
}

Deno.test("BiasedFactorsModel adds an item's bias to the inner product", () => {
  const out = new Float32Array(3);
  const none = { items: new Uint32Array(), weights: new Float32Array() };
  loadModel("biased_factors", tensors(), SIZE).scoreUser(0, none, out);
  assertEquals(out, Float32Array.of(1.5, 2, -0.75));
});

Deno.test("BiasedFactorsModel leaves biases out of what items are alike", () => {
  const out = new Float32Array(3);
  const model = loadModel("biased_factors", tensors(), SIZE);
  model.similar(Uint32Array.of(0), out);
  assertEquals(out, Float32Array.of(1, 0, -1));
});

Deno.test("BiasedFactorsModel learns a newcomer's factors from the history, the same ones each time", () => {
  const model = loadModel("biased_factors", tensors(), SIZE);
  const history = { items: Uint32Array.of(1), weights: Float32Array.of(1) };
  const [one, other] = [new Float32Array(3), new Float32Array(3)];
  model.scoreHistory(history, one);
  model.scoreHistory(history, other);
  assert(one[1]! > 0.2 && one[0]! < 0.5 && one[1]! > one[2]!);
  assertEquals(one, other);
});

Deno.test("BiasedFactorsModel refuses items that are not there to be set against", () => {
  assertThrows(
    () => loadModel("biased_factors", tensors(Uint32Array.of(3)), SIZE),
    RangeError,
    "An item is 3, must be below 3",
  );
});
