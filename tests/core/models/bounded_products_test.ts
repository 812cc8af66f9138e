import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { createScoreKernels } from "../../../core/kernels/create_score_kernels.ts";
import { KernelMemory } from "../../../core/kernels/kernel_memory.ts";
import type { ScoreKernels } from "../../../core/kernels/kernels.ts";
import type { Random } from "../../../core/kernels/random.ts";
import { FactorsModel } from "../../../core/models/factors.ts";
import { IdMap } from "../../../core/models/id_map.ts";
import { ItemTable } from "../../../core/models/item_table.ts";
import type { Model } from "../../../core/models/model.ts";
import { NonNegativeFactorsModel } from "../../../core/models/non_negative_factors.ts";
import { ProjectionModel } from "../../../core/models/projection.ts";
import { Recommender } from "../../../core/models/recommender.ts";
import { randomCsr } from "../kernels/matrices.ts";

const ITEMS = 400;
const USERS = 20;
const FACTORS = 12;
const FOLD_IN = { alpha0: 0.3, reg: 0.05, nu: 1, linearOffset: 0 };

const memory = new KernelMemory();
const kernels = createScoreKernels(memory.memory);
/** Kernels that bound nothing, so that all items are scored. */
const unbounded: ScoreKernels = { ...kernels, quantize: () => null };

/** Rows of which many are alike, so that scores tie. */
function alike(random: Random, rows: number): Float32Array {
  const kinds = Float32Array.from(
    { length: 40 * FACTORS },
    () => Math.abs(random.normal()),
  );
  const matrix = memory.f32(rows * FACTORS);
  for (let row = 0; row < rows; row++) {
    const kind = random.int(40) * FACTORS;
    matrix.set(kinds.subarray(kind, kind + FACTORS), row * FACTORS);
  }
  return matrix;
}

const random = createRandom(8);
const PARTS = {
  users: alike(random, USERS),
  items: alike(random, ITEMS),
  factors: FACTORS,
};
const MODELS: Readonly<Record<string, (kernels: ScoreKernels) => Model>> = {
  FactorsModel: (kernels) =>
    new FactorsModel({ ...PARTS, foldIn: FOLD_IN }, kernels),
  NonNegativeFactorsModel: (kernels) =>
    new NonNegativeFactorsModel(
      { ...PARTS, gram: new Float32Array(FACTORS ** 2).fill(1), l1: 0.1 },
      kernels,
    ),
  ProjectionModel: (kernels) =>
    new ProjectionModel(PARTS.items, FACTORS, kernels),
};
const SEEN = randomCsr(random, USERS, ITEMS, 0.1, () => 1);
const YEARS = Array.from({ length: ITEMS }, (_, item) => item % 7);

function recommender(model: Model, kernels: ScoreKernels): Recommender {
  return new Recommender({
    model,
    kernels,
    seen: SEEN,
    users: numbered(USERS),
    items: numbered(ITEMS),
    table: ItemTable.from(ITEMS, [
      { name: "year", type: "number", values: YEARS },
    ]),
  });
}

function numbered(count: number): IdMap {
  return IdMap.from(Array.from({ length: count }, (_, n) => `${1000 + n}`))
    .map;
}

for (const [name, create] of Object.entries(MODELS)) {
  const bounded = recommender(create(kernels), kernels);
  const plain = recommender(create(unbounded), unbounded);

  Deno.test(`${name} ranks by bounds as it does by all scores, to the bit`, () => {
    assert(create(kernels).bounded);
    fc.assert(
      fc.property(
        fc.nat({ max: USERS - 1 }),
        fc.integer({ min: 1, max: ITEMS + 10 }),
        fc.nat({ max: 30 }),
        fc.array(fc.nat({ max: ITEMS - 1 })),
        fc.constantFrom(undefined, 0, 6),
        fc.boolean(),
        (user, limit, offset, exclude, year, includeSeen) => {
          const options = {
            limit,
            offset,
            exclude: Uint32Array.from(exclude),
            includeSeen,
            ...(year !== undefined &&
              { filter: { field: "year", eq: year } }),
          };
          assertEquals(
            bounded.recommend(user, options),
            plain.recommend(user, options),
          );
          const history = plain.history(user);
          assertEquals(
            bounded.recommendFor(history, options),
            plain.recommendFor(history, options),
          );
        },
      ),
    );
  });
}

Deno.test("Recommender scores all items where boosts, diversity or pins change the order", () => {
  const [bounded, plain] = [kernels, unbounded].map((kernels) =>
    recommender(MODELS.FactorsModel!(kernels), kernels)
  );
  for (
    const shape of [
      { boosts: [{ filter: { field: "year", eq: 3 }, factor: 2 }] },
      { diversity: { lambda: 0.5 } },
      { pins: [{ item: 5, position: 1 }] },
    ]
  ) {
    const options = { limit: 10, ...shape };
    assertEquals(
      bounded!.recommend(2, options),
      plain!.recommend(2, options),
    );
  }
});

Deno.test("Recommender gives the memory of its model's bounds back", () => {
  const size = memory.memory.buffer.byteLength;
  for (let n = 0; n < 50; n++) {
    recommender(MODELS.FactorsModel!(kernels), kernels)[Symbol.dispose]();
  }
  assertEquals(memory.memory.buffer.byteLength, size);
});
