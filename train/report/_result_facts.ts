import type { HeaderFields } from "../../artifact/header.ts";
import { learntParams, type Trial } from "../search/trial.ts";
import type { ReportedResult, ReportedScore } from "./report.ts";

type Interval = readonly [low: number, high: number];

/** A header, and what it says where more was measured. */
export type MeasuredHeader = HeaderFields & {
  readonly best_score_interval?: Interval;
  readonly metrics?: { readonly popularity_score: number };
  readonly test_score?: number | null;
  readonly test_score_interval?: Interval;
};

const BASELINE = "TopPop";

/** What a report says of the model that was found. */
export function resultFacts(
  header: MeasuredHeader,
  best: Trial,
  trials: readonly Trial[],
): ReportedResult {
  const { test_score, test_score_interval } = header;
  return {
    algorithm: best.algorithm.name,
    params: learntParams(best),
    metric: header.metric,
    cutoff: header.cutoff,
    trial: best.number,
    ...measured(header.best_score, header.best_score_interval),
    metrics: Object.fromEntries(
      Object.entries(best.evaluation ?? {})
        .filter(([name, value]) =>
          typeof value === "number" && Number.isFinite(value) &&
          name !== "nanCount"
        ),
    ),
    test: test_score === undefined
      ? null
      : measured(test_score, test_score_interval),
    popularity_score: header.metrics?.popularity_score ??
      baselineOf(trials, header.metric),
  };
}

function measured(
  score: number | null,
  interval: Interval | undefined,
): ReportedScore {
  return { score, interval: interval ?? null };
}

/** The score of a trial that lists what is most popular, if there is one. */
function baselineOf(
  trials: readonly Trial[],
  metric: string,
): number | null {
  const { evaluation = null } =
    trials.find(({ algorithm }) => algorithm.name === BASELINE) ?? {};
  const score = evaluation?.[metric as keyof typeof evaluation];
  return typeof score === "number" ? score : null;
}
