import { assert, assertEquals } from "@std/assert";
import { ModelMemory } from "../../serve/model_memory.ts";

Deno.test("ModelMemory gives bytes apart from each other, at multiples of 64", () => {
  const memory = new ModelMemory();
  const [a, b] = [memory.allocate(1000), memory.allocate(70_000)];
  assertEquals([a.bytes.length, b.bytes.length], [1000, 70_000]);
  a.bytes.fill(1);
  b.bytes.fill(2);
  assert(a.bytes.every((byte) => byte === 1));
  for (const { bytes, kernels } of [a, b]) {
    assertEquals(bytes.byteOffset % 64, 0);
    assert(bytes.buffer instanceof SharedArrayBuffer);
    assert(kernels);
  }
});

Deno.test("ModelMemory gives freed bytes again", () => {
  const memory = new ModelMemory();
  const first = memory.allocate(5000);
  const address = first.bytes.byteOffset;
  first.free();
  const second = memory.allocate(5000);
  assertEquals(second.bytes.byteOffset, address);
});

Deno.test("ModelMemory scores what lies in it", () => {
  const memory = new ModelMemory();
  const { bytes, kernels } = memory.allocate(64);
  const scores = new Float32Array(bytes.buffer, bytes.byteOffset, 4);
  scores.set([1, 4, 2, 3]);
  const [items, values] = [new Uint32Array(2), new Float32Array(2)];
  assertEquals(kernels!.topK(scores, 2, items, values), 2);
  assertEquals([[...items], [...values]], [[1, 3], [4, 3]]);
});
