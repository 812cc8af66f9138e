import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createRandom } from "../../../../core/kernels/create_random.ts";
import { randomSampler } from "../../../../train/search/samplers/random_sampler.ts";

const SPACE = { x: { type: "float", low: 2, high: 3 } } as const;

Deno.test("randomSampler() draws in the space, by its seed, whatever came of other trials", () => {
  const [a, b] = [1, 1].map((seed) =>
    randomSampler(SPACE, createRandom(seed))
  ) as [
    ReturnType<typeof randomSampler>,
    ReturnType<typeof randomSampler>,
  ];
  const first = a.ask([]);
  assertEquals(b.ask([]), first);
  const second = a.ask([]);
  assertNotEquals(second, first);
  const trial = {
    number: 0,
    state: "complete",
    params: first!,
    score: 1,
  } as const;
  assertEquals(b.ask([{ ...trial, curve: new Map() }]), second);
  for (const { x } of [first!, second!]) {
    assert(Number(x) >= 2 && Number(x) < 3);
  }
});
