import type { Dimension } from "../../algorithms/algorithm.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import { learntParams, type Trial } from "../search/trial.ts";
import { shorten } from "./shorten.ts";
import type {
  ReportedAlgorithm,
  ReportedSearch,
  ReportedTrial,
} from "./report.ts";

const MOST_ERROR = 200;

/** What a report says of the search. */
export function searchFacts(
  trials: readonly Trial[],
  { metric, split }: Pick<Training, "metric" | "split">,
): ReportedSearch {
  const reported = trials.map((trial) => trialFacts(trial, metric));
  const algorithms = new Map(
    trials.map(({ algorithm }) => [algorithm.name, algorithm]),
  );
  return {
    split,
    seconds: sum(reported.map(({ seconds }) => seconds)),
    algorithms: [...algorithms.values()]
      .map(({ name, space, epochs }) =>
        algorithmFacts(
          name,
          {
            ...space,
            ...(epochs && {
              [epochs.param]: { type: "int", low: 1, high: epochs.most },
            }),
          },
          reported.filter(({ algorithm }) => algorithm === name),
          intervalOfBest(
            trials.filter(({ algorithm }) => algorithm.name === name),
            metric,
          ),
        )
      )
      .sort((a, b) => (b.scores?.max ?? -1) - (a.scores?.max ?? -1)),
    trials: reported,
  };
}

function trialFacts(
  trial: Trial,
  metric: Training["metric"],
): ReportedTrial {
  const score = trial.evaluation?.[metric];
  return {
    trial: trial.number,
    algorithm: trial.algorithm.name,
    state: trial.state,
    score: score !== undefined && Number.isFinite(score) ? score : null,
    seconds: trial.seconds,
    peak_bytes: trial.peakBytes ?? null,
    params: learntParams(trial),
    error: trial.error === null ? null : shorten(trial.error, MOST_ERROR),
  };
}

function algorithmFacts(
  algorithm: string,
  space: Readonly<Record<string, Dimension>>,
  own: readonly ReportedTrial[],
  interval: ReportedAlgorithm["interval"],
): ReportedAlgorithm {
  const scores = own.flatMap(({ score }) => score ?? []).sort((a, b) => a - b);
  const peaks = own.flatMap(({ peak_bytes }) => peak_bytes ?? []);
  const count = (wanted: ReportedTrial["state"]) =>
    own.filter(({ state }) => state === wanted).length;
  return {
    algorithm,
    trials: own.length,
    complete: count("complete"),
    pruned: count("pruned"),
    failed: count("failed"),
    scores: scores.length === 0 ? null : {
      min: scores[0]!,
      median: median(scores),
      max: scores.at(-1)!,
    },
    interval,
    seconds: sum(own.map(({ seconds }) => seconds)),
    peak_bytes: peaks.length === 0 ? null : Math.max(...peaks),
    space,
  };
}

function intervalOfBest(
  own: readonly Trial[],
  metric: Training["metric"],
): ReportedAlgorithm["interval"] {
  const measured = own.flatMap(({ evaluation }) => evaluation ?? []);
  return measured.length === 0
    ? null
    : measured.reduce((best, each) => each[metric] > best[metric] ? each : best)
      .interval;
}

function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
