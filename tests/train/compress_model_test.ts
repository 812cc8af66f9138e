import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import { DenseSimilarityModel } from "../../core/models/dense_similarity.ts";
import { loadModel } from "../../core/models/load_model.ts";
import type { Model } from "../../core/models/model.ts";
import { PopularityModel } from "../../core/models/popularity.ts";
import { SimilarityModel } from "../../core/models/similarity.ts";
import { compressModel } from "../../train/compress_model.ts";
import { itemWeights } from "../algorithms/fit_dense.ts";
import { fromDense } from "../core/kernels/matrices.ts";

const ITEMS = 70;

/** Weights of several sizes, of which some are equal and some 0. */
function dense(): DenseSimilarityModel {
  const random = createRandom(5);
  const weights = Float32Array.from({ length: ITEMS * ITEMS }, () => {
    const level = random.int(12) - 6;
    return 0.01 * level * (1 + random.int(3));
  });
  for (let item = 0; item < ITEMS; item++) weights[item * ITEMS + item] = 0;
  return new DenseSimilarityModel(weights, ITEMS);
}

/** The same model, all weights stored. */
function sparse(): SimilarityModel {
  const { weights } = dense();
  return new SimilarityModel(fromDense(
    Array.from(
      { length: ITEMS },
      (_, row) => Array.from(weights.subarray(row * ITEMS, (row + 1) * ITEMS)),
    ),
  ));
}

/** The `k` of largest magnitude of each column, or row, ties by lower index. */
function expected(k: number, per: "target" | "source" = "target"): number[][] {
  const rows = itemWeights(dense(), ITEMS);
  if (per === "source") return rows.map((row) => largestOfRow(row, k));
  const kept = rows.map((row) => row.map(() => 0));
  for (let target = 0; target < ITEMS; target++) {
    Array.from(rows.keys())
      .sort((a, b) =>
        Math.abs(rows[b]![target]!) - Math.abs(rows[a]![target]!) || a - b
      )
      .slice(0, k)
      .forEach((row) => kept[row]![target] = rows[row]![target]!);
  }
  return kept;
}

function largestOfRow(row: readonly number[], k: number): number[] {
  const kept = new Set(
    [...row.keys()]
      .sort((a, b) => Math.abs(row[b]!) - Math.abs(row[a]!) || a - b)
      .slice(0, k),
  );
  return row.map((weight, n) => kept.has(n) ? weight : 0);
}

function reloaded(model: Model): Model {
  return loadModel(model.kind, model.tensors(), { users: 1, items: ITEMS });
}

Deno.test("compressModel() keeps the largest weights of each target or source, dense or sparse before", () => {
  const precision = "f32";
  for (const topK of [1, 9, ITEMS, 1000]) {
    for (const per of ["target", "source"] as const) {
      for (const model of [dense(), sparse()]) {
        const compressed = compressModel(model, { topK, per, precision });
        assertEquals(
          itemWeights(reloaded(compressed), ITEMS),
          expected(topK, per),
        );
      }
    }
  }
});

Deno.test("compressModel() stores halves and bytes within half a step of their row's largest weight", () => {
  const wanted = expected(9);
  for (
    const [precision, step] of [["f16", 2 ** -11], ["int8", 1 / 127]] as const
  ) {
    const model = reloaded(
      compressModel(dense(), { topK: 9, per: "target", precision }),
    );
    const { weights } = model.tensors();
    assertEquals(weights!.dtype, precision === "f16" ? "f16" : "i8");
    itemWeights(model, ITEMS).forEach((row, item) => {
      const largest = Math.max(...wanted[item]!.map(Math.abs));
      row.forEach((weight, target) =>
        assertAlmostEquals(
          weight,
          wanted[item]![target]!,
          (step / 2 + 1e-6) * largest,
        )
      );
    });
  }
});

Deno.test("compressModel() makes models that rank as they score", async () => {
  const kernels = createReferenceKernels();
  const histories = fromDense([
    Array.from({ length: ITEMS }, (_, item) => item % 9 === 4 ? 2 : null),
  ]);
  for (const precision of ["f32", "f16", "int8"] as const) {
    const model = reloaded(
      compressModel(dense(), { topK: 9, per: "target", precision }),
    );
    const ranking = await model.rankUsers(kernels, histories, {
      users: Uint32Array.of(0),
      seen: fromDense([new Array<null>(ITEMS).fill(null)]),
      k: 5,
    });
    const scores = new Float32Array(ITEMS);
    const history = { items: histories.indices, weights: histories.values };
    model.scoreUser(0, history, scores);
    ranking.indices.forEach((item, n) =>
      assertAlmostEquals(ranking.scores[n]!, scores[item]!, 1e-6)
    );
    assertAlmostEquals(ranking.scores[0]!, Math.max(...scores), 1e-6);
  }
});

Deno.test("compressModel() keeps weights of any size in half precision, but for those that are nothing", () => {
  const rows = [[0, 3e30, 1e30], [1e-30, 0, -5e-31], [0, 1e-45, 0]];
  const model = new DenseSimilarityModel(Float32Array.from(rows.flat()), 3);
  for (const precision of ["f16", "int8"] as const) {
    const compressed = compressModel(model, {
      topK: 2,
      per: "target",
      precision,
    });
    itemWeights(compressed, 3).slice(0, 2).forEach((row, item) =>
      row.forEach((weight, target) => {
        const wanted = rows[item]![target]!;
        assert(Math.abs(weight - wanted) <= 0.01 * Math.abs(wanted));
      })
    );
  }
});

Deno.test("compressModel() leaves a dense model of which all is kept, and refuses one without item weights", () => {
  const model = dense();
  assertEquals(
    compressModel(model, { topK: null, per: "target", precision: "f32" }),
    model,
  );
  assertThrows(
    () =>
      compressModel(new PopularityModel(Float32Array.of(1)), {
        topK: 1,
        per: "target",
        precision: "f32",
      }),
    TypeError,
    "A model of kind popularity cannot be compressed",
  );
});
