/**
 * Trainings for the tests of reports.
 *
 * @module
 */
import type { HeaderMetrics } from "../../../artifact/header.ts";
import { ALGORITHMS } from "../../../algorithms/mod.ts";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import { IdMap } from "../../../core/models/id_map.ts";
import { type ItemField, ItemTable } from "../../../core/models/item_table.ts";
import { PopularityModel } from "../../../core/models/popularity.ts";
import { Recommender } from "../../../core/models/recommender.ts";
import { parseRecipe } from "../../../core/recipe/parse_recipe.ts";
import { artifactHeader } from "../../../train/artifact_header.ts";
import {
  buildReport,
  type TrainedFacts,
} from "../../../train/report/build_report.ts";
import type { Report } from "../../../train/report/report.ts";
import { drawParams } from "../../../train/search/draw.ts";
import type { Trial } from "../../../train/search/trial.ts";
import { fromDense } from "../../core/kernels/matrices.ts";
import { scored } from "../fixture.ts";

/** Four users and four items; item `i0` has three users, the last has one. */
export const FEW: Csr = fromDense([
  [1, null, null, null],
  [1, 1, null, null],
  [1, 1, 1, null],
  [null, null, null, 1],
]);

/** What a test decides of a training. */
export interface TrainedOptions {
  /** Users × items. */
  readonly matrix?: Csr;
  readonly times?: Float64Array;
  readonly fields?: readonly ItemField[];
  readonly itemIds?: readonly string[];
  readonly trials?: readonly Trial[];
  readonly recipeText?: string;
  readonly signal?: AbortSignal;
  readonly header?: Partial<TrainedFacts["header"]>;
}

/** What a training of the most popular items knows when it is over. */
export async function trained(
  { matrix = FEW, times, fields, trials = [ofAlgorithm("TopPop", 0)], ...more }:
    TrainedOptions = {},
): Promise<TrainedFacts> {
  const recipe = await parseRecipe(
    `
name: books
source: { type: csv, path: loans.csv }
schema: { user_column: reader, item_column: book }
training: { algorithms: [TopPop], cutoff: 2 }
output: { path: books.recotem }
`,
    { path: "r", env: new Map() },
  );
  const ids = (prefix: string, count: number) =>
    IdMap.from(
      Array.from(
        { length: count },
        (_, n) => prefix + String(n).padStart(String(count - 1).length, "0"),
      ),
    ).map;
  const counts = new Float32Array(matrix.cols);
  for (const item of matrix.indices) counts[item]! += 1;
  const model = new PopularityModel(counts);
  const found = { best: bestOf(trials), trials };
  const stats = {
    rows: matrix.indices.length,
    users: matrix.rows,
    items: matrix.cols,
    dropped: 5,
    withoutId: 2,
  };
  return {
    recipe,
    recipeText: more.recipeText ?? null,
    runId: "run-1",
    wallSeconds: 12.5,
    publication: {
      artifact: "out/books.01234567.recotem",
      pointer: "out/books.recotem",
      sha256: "0123456789abcdef".repeat(4),
      bytes: 4_619_110,
    },
    header: {
      ...artifactHeader(recipe, found, stats, {
        recipeHash: "ab".repeat(32),
        engine: "typescript",
        modelKind: model.kind,
        trainedAt: new Date("2026-11-02T03:04:05Z"),
        kept: null,
        popularity: scored(0.05),
        test: null,
        settled: {},
      }),
      ...more.header,
    },
    found,
    interactions: { matrix, times: times ?? null, stats },
    model,
    recommender: new Recommender({
      model,
      users: ids("u", matrix.rows),
      items: more.itemIds
        ? IdMap.from(more.itemIds).map
        : ids("i", matrix.cols),
      seen: matrix,
      table: fields ? ItemTable.from(matrix.cols, fields) : null,
    }),
    kernels: createReferenceKernels(),
    signal: more.signal ?? new AbortController().signal,
  };
}

/** Metrics as a header has them. */
export function metrics(
  score: number,
  popularity_score: number,
): HeaderMetrics {
  const { interval: _, nanCount: _nan, ...means } = scored(score);
  return { ...means, popularity_score };
}

/** The report of {@linkcode trained}. */
export async function reportOf(options: TrainedOptions = {}): Promise<Report> {
  return await buildReport(await trained(options));
}

/** A trial of a real algorithm, its parameters drawn from its space and its score made of them. */
export function ofAlgorithm(
  name: string,
  number: number,
  changes: Partial<Trial> = {},
): Trial {
  const algorithm = ALGORITHMS.find((each) => each.name === name)!;
  const random = createRandom(number);
  return {
    number,
    algorithm,
    params: drawParams(algorithm.space, random),
    state: "complete",
    evaluation: scored(random.float() / 4),
    epochs: algorithm.epochs ? 1 + random.int(algorithm.epochs.most) : null,
    curve: new Map(),
    seconds: random.float() ** 4 * 60,
    peakBytes: 1e6 + random.int(3e8),
    error: null,
    ...changes,
  };
}

function bestOf(trials: readonly Trial[]): Trial {
  return trials.reduce((a, b) =>
    (b.evaluation?.ndcg ?? -1) > (a.evaluation?.ndcg ?? -1) ? b : a
  );
}
