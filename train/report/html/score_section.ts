import { line, lineSwatch } from "../plot/marks.ts";
import { plot } from "../plot/plot.ts";
import { extentOf, linearScale, type Scale } from "../plot/scale.ts";
import type { Report } from "../report.ts";
import { count, counted, score, tickFormat } from "./format.ts";
import { type Html, html } from "./html.ts";
import { metricAt, metricName } from "./metric_name.ts";
import type { Section } from "./section.ts";
import {
  drawnTrials,
  legend,
  type ScoredTrial,
  trialPoints,
} from "./series.ts";
import { metricValue } from "./metric_value.ts";
import { table } from "./table.ts";

/** How the search went: the score of each trial, and the best so far. */
export function scoreSection(report: Report): Section {
  const trials = drawnTrials(report);
  const { result, search } = report;
  const metric = metricAt(result);
  const x = trialScale(report);
  const popular = result.popularity_score;
  const y = linearScale(
    extentOf([
      ...trials.map(({ score }) => score),
      ...(popular === null ? [] : [popular]),
    ]) ?? [0, 1],
    6,
  );
  const best = bestSoFar(trials);
  return {
    id: "search",
    title: "Score by trial",
    body:
      html`<p>Each point is a trial, scored on interactions that were held out; the line is the best score so far.${
        trials.some(({ state }) => state === "pruned")
          ? " Faint points were stopped early, with the score they had."
          : null
      }</p>
${
        plot({
          description: `${metric} of ${
            counted(trials.length, "trial", "trials")
          }; the best is ${
            score(best.at(-1)?.score ?? null)
          } by ${result.algorithm}, trial ${result.trial}. The numbers are in the table of all trials.`,
          x: { scale: x, label: "Trial", format: count },
          y: { scale: y, label: metric, format: tickFormat(y.ticks) },
          height: 300,
          marks: html`${
            popular === null
              ? null
              : line([[0, y.at(popular)], [1, y.at(popular)]], "popular")
          }${
            line(
              [
                ...best,
                ...best.slice(-1).map((last) => ({
                  ...last,
                  trial: search.trials.length - 1,
                })),
              ].map(({ trial, score }) => [x.at(trial), y.at(score)]),
              "so-far",
              true,
            )
          }${
            trialPoints(report, trials, ({ trial, score }) => [
              x.at(trial),
              y.at(score),
            ])
          }`,
        })
      }
${
        legend(report, [
          html`${lineSwatch("so-far")} best so far`,
          ...(popular === null
            ? []
            : [html`${lineSwatch("popular")} most popular items`]),
        ])
      }
<div class="short">${metricsTable(report)}</div>`,
  };
}

/** All that was measured of the published model, the baseline's score last. */
function metricsTable({ result }: Report): Html {
  const { test, popularity_score } = result;
  const rows = Object.entries(result.metrics).map(([name, value]) => [
    metricName(name),
    metricValue(name, value),
    ...(test ? [metricValue(name, test.metrics[name] ?? NaN)] : []),
  ]);
  const baseline = [
    `${metricName(result.metric)} of the most popular items`,
    score(popularity_score),
    ...(test ? [score(test.popularity_score)] : []),
  ];
  return table({
    caption: `Measured of the model, lists of ${result.cutoff}`,
    columns: [
      { label: "Metric" },
      { label: "Where trials were scored", kind: "number" },
      ...(test
        ? [{ label: "What no trial has seen", kind: "number" } as const]
        : []),
    ],
    rows: popularity_score === null ? rows : [...rows, baseline],
  });
}

/** The axis of trials' numbers. */
export function trialScale({ search }: Report): Scale {
  return linearScale([0, Math.max(1, search.trials.length - 1)], 6, 1);
}

/** The trials that were better than all before them. */
function bestSoFar(trials: readonly ScoredTrial[]): ScoredTrial[] {
  const best: ScoredTrial[] = [];
  for (const trial of trials) {
    if (trial.score > (best.at(-1)?.score ?? -Infinity)) best.push(trial);
  }
  return best;
}
