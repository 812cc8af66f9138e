/**
 * Interactions and settings for the tests of training.
 *
 * @module
 */
import { KeyRing } from "../../artifact/key_ring.ts";
import { IdMap } from "../../core/models/id_map.ts";
import { FactorsModel } from "../../core/models/factors.ts";
import type { Model } from "../../core/models/model.ts";
import type { Split, Training } from "../../core/recipe/recipe.ts";
import type { Interactions } from "../../train/data/interactions.ts";
import type { Measurement } from "../../train/measurement.ts";
import type { Trial } from "../../train/search/trial.ts";
import { fromDense } from "../core/kernels/matrices.ts";
import { algorithm, EPOCHS } from "./search/fixture.ts";

/** A key ring with one key, kid `shop`. */
export const KEYS: KeyRing = KeyRing.parse(`shop:${"5a".repeat(32)}`);

/** How a split is made unless a test says otherwise. */
export const SPLIT: Split = {
  scheme: "random",
  heldout_ratio: 0.5,
  test_user_ratio: 1,
  test_ratio: 0,
  seed: 42,
};

/** Settings with their defaults; options replace single ones. */
export function training(options: Partial<Training> = {}): Training {
  return {
    algorithms: ["TopPop"],
    metric: "ndcg",
    cutoff: 20,
    n_trials: 40,
    per_algorithm_trials: null,
    per_trial_timeout_seconds: null,
    timeout_seconds: null,
    parallelism: 1,
    storage_path: "",
    device: "cpu",
    arithmetic: "fast",
    weights: { top_k: "auto", precision: "auto" },
    gate: { min_score: null, max_drop: null },
    split: SPLIT,
    ...options,
  };
}

/** Interactions by user and item, each at its time; null: none. */
export function timed(
  rows: readonly (readonly (number | null)[])[],
): Interactions {
  const matrix = fromDense(
    rows.map((row) => row.map((time) => time === null ? null : 1)),
  );
  const ids = (count: number) =>
    IdMap.from(
      Array.from({ length: count }, (_, n) => String(n).padStart(3, "0")),
    ).map;
  return {
    users: ids(matrix.rows),
    items: ids(matrix.cols),
    matrix,
    times: Float64Array.from(rows.flat().filter((time) => time !== null)),
    repeats: null,
    stats: {
      rows: matrix.indices.length,
      users: matrix.rows,
      items: matrix.cols,
      dropped: 0,
      withoutId: 0,
    },
  };
}

/** A model that gives each user these scores, one per item. */
export function scoring(rows: readonly (readonly number[])[]): Model {
  const items = rows[0]!.length;
  const identity = new Float32Array(items * items);
  for (let item = 0; item < items; item++) identity[item * items + item] = 1;
  return new FactorsModel({
    users: Float32Array.from(rows.flat()),
    items: identity,
    factors: items,
    foldIn: { alpha0: 1, reg: 1, nu: 1, linearOffset: 0 },
  });
}

/** A measurement with this score by every metric. */
export function scored(score: number): Measurement {
  return {
    ndcg: score,
    map: score,
    recall: score,
    hit: score,
    users: 1,
    coverage: 1,
    novelty: 1,
    gini: 0,
    nanCount: 0,
    interval: [score, score],
  };
}

/** What a test decides of a trial. */
export interface TrialOptions
  extends Partial<Omit<Trial, "algorithm" | "evaluation">> {
  readonly algorithm?: string;
  /** By every metric; null: none. */
  readonly score?: number | null;
  /** In place of single scores. */
  readonly evaluation?: Partial<Measurement>;
}

/** A finished trial of an algorithm that learns `train_epochs`. */
export function trial(
  { algorithm: name = "IALS", score = 0.5, evaluation, ...options }:
    TrialOptions,
): Trial {
  return {
    number: 0,
    algorithm: algorithm({ name, epochs: EPOCHS }),
    params: {},
    state: "complete",
    evaluation: score === null ? null : { ...scored(score), ...evaluation },
    epochs: null,
    curve: new Map(),
    seconds: 0,
    error: null,
    ...options,
  };
}
