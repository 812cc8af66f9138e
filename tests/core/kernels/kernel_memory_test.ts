import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { KernelMemory } from "../../../core/kernels/kernel_memory.ts";

Deno.test("KernelMemory keeps arrays apart, aligned and zeroed, whatever is taken and freed", () => {
  const action = fc.oneof(
    fc.record({ take: fc.integer({ min: 0, max: 40000 }) }),
    fc.record({ free: fc.nat() }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const memory = new KernelMemory();
      const live: { array: Uint32Array; mark: number }[] = [];
      actions.forEach((step, mark) => {
        if ("take" in step) {
          const array = memory.u32(step.take);
          assertEquals(array.byteOffset % 64, 0);
          assert(array.every((value) => value === 0));
          array.fill(mark + 1);
          live.push({ array, mark: mark + 1 });
        } else if (live.length > 0) {
          const [gone] = live.splice(step.free % live.length, 1);
          memory.free(gone!.array);
        }
        for (const { array, mark } of live) {
          assert(array.every((value) => value === mark));
        }
      });
    }),
    { numRuns: 40 },
  );
});

Deno.test("KernelMemory uses freed stretches again, joined with their neighbours", () => {
  const memory = new KernelMemory();
  const arrays = [1, 2, 3, 4].map(() => memory.f32(100000));
  const size = memory.memory.buffer.byteLength;
  memory.free(arrays[1]!, arrays[3]!, arrays[2]!);
  const joined = memory.f32(300000);
  assertEquals(joined.byteOffset, arrays[1]!.byteOffset);
  assertEquals(memory.memory.buffer.byteLength, size);
});

Deno.test("KernelMemory ignores arrays that are not its own, and what was freed before", () => {
  const memory = new KernelMemory();
  const first = memory.f32(16);
  memory.free(new Float32Array(4), new KernelMemory().f32(4), first, first);
  assertEquals(memory.f32(16).byteOffset, first.byteOffset);
  assert(memory.f32(16).byteOffset !== first.byteOffset);
});

Deno.test("KernelMemory knows its views through growth by others, and leaves their pages alone", () => {
  const memory = new KernelMemory();
  const early = memory.f32(4);
  const other = new KernelMemory(memory.memory);
  const foreign = other.bytes(100000);
  const late = memory.bytes(200000);
  foreign.fill(1);
  late.fill(2);
  assert(foreign.every((value) => value === 1));
  for (const array of [early, foreign, late]) {
    assert(memory.holds(array) && other.holds(array));
  }
  assert(!memory.holds(new KernelMemory().f32(1)));
});

Deno.test("KernelMemory reaches 4 GiB less a page, and refuses more", () => {
  const memory = new KernelMemory(
    new WebAssembly.Memory({ initial: 65000, maximum: 65536, shared: true }),
  );
  const last = memory.bytes(535 * 65536);
  last[last.length - 1] = 1;
  assertEquals(last.byteOffset + last.byteLength, 65535 * 65536);
  assertThrows(
    () => memory.f32(1),
    RangeError,
    "Cannot take 64 bytes of kernel memory",
  );
  memory.free(last);
  assertEquals(memory.f32(1).byteOffset, last.byteOffset);
});

Deno.test("KernelMemory.takePeak() tells the most bytes in use at once, and starts again from those in use", () => {
  const memory = new KernelMemory();
  const kept = memory.f32(16);
  memory.free(memory.f32(64), memory.bytes(1));
  assertEquals(memory.takePeak(), 64 + 256 + 64);
  assertEquals(memory.takePeak(), 64);
  memory.free(kept);
  assertEquals(memory.takePeak(), 64);
  assertEquals(memory.takePeak(), 0);
});

Deno.test("KernelMemory gives apart what it is asked for while another thread adds pages", () => {
  const shared = new WebAssembly.Memory({
    initial: 1,
    maximum: 100,
    shared: true,
  });
  const memory = new KernelMemory(shared);
  memory.bytes(1000);
  const foreign: number[] = [];
  const { grow } = shared;
  shared.grow = (pages) => {
    // As another thread would, after the size was looked at.
    foreign.push(grow.call(shared, 1));
    return grow.call(shared, pages);
  };
  const long = memory.bytes(100_000);
  const end = long.byteOffset + long.length;
  assert(end <= shared.buffer.byteLength);
  const next = memory.bytes(70_000);
  assert(next.byteOffset >= end || next.byteOffset + 70_000 <= long.byteOffset);
  // The pages of the other thread are not handed out.
  const pages = new Uint8Array(shared.buffer);
  for (const array of [long, next]) array.fill(1);
  const touched = new Set(foreign.map((page) => pages[page * 65536]));
  assertEquals([...touched], [0]);
});
