import type { HeaderFields, HeaderMetrics } from "../../artifact/header.ts";
import type { Trial } from "../search/trial.ts";
import type { ReportedMeasurement, ReportedResult } from "./report.ts";

/** What a report says of the model that was found. */
export function resultFacts(
  header: HeaderFields,
  best: Trial,
): ReportedResult {
  const { test_score } = header;
  return {
    algorithm: best.algorithm.name,
    params: header.best_params,
    metric: header.metric,
    cutoff: header.cutoff,
    trial: best.number,
    ...measured(
      header.best_score,
      header.best_score_interval,
      header.metrics,
    ),
    test: test_score === undefined
      ? null
      : measured(test_score, header.test_score_interval, header.test_metrics),
  };
}

function measured(
  score: number | null,
  interval: HeaderFields["best_score_interval"],
  measured: HeaderMetrics | undefined,
): ReportedMeasurement {
  const { popularity_score = null, ...metrics } = measured ?? {};
  return { score, interval: interval ?? null, popularity_score, metrics };
}
