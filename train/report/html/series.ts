import { type Point, points, ringed, swatch } from "../plot/marks.ts";
import type { Report, ReportedTrial } from "../report.ts";
import { type Html, html } from "./html.ts";

/** Trials that are drawn and listed at most, so that a document stays small. */
const MOST_DRAWN = 2000;

/** A trial with a score. */
export type ScoredTrial = ReportedTrial & { readonly score: number };

/** Trials that have a score, the best 2000 of more, in the order of their numbers. */
export function drawnTrials({ search }: Report): readonly ScoredTrial[] {
  const scored = search.trials.filter((trial) =>
    trial.score !== null
  ) as ScoredTrial[];
  if (scored.length <= MOST_DRAWN) return scored;
  return scored.toSorted((a, b) => b.score - a.score).slice(0, MOST_DRAWN)
    .sort((a, b) => a.trial - b.trial);
}

/** The series of each algorithm: its place among the algorithms. */
export function seriesByAlgorithm(
  { search }: Report,
): ReadonlyMap<string, number> {
  return new Map(
    search.algorithms.map(({ algorithm }, series) => [algorithm, series]),
  );
}

/** The points of trials by algorithm, those that were stopped early faint and the winner on top. */
export function trialPoints(
  report: Report,
  trials: readonly ScoredTrial[],
  place: (trial: ScoredTrial) => Point,
): Html {
  const seriesOf = seriesByAlgorithm(report);
  const parts = [...seriesOf].flatMap(
    ([algorithm, series]) => {
      const own = trials.filter((trial) => trial.algorithm === algorithm);
      const of = (pruned: boolean) =>
        own.filter(({ state }) => (state === "pruned") === pruned).map(place);
      return [points(of(true), series, true), points(of(false), series)];
    },
  );
  const best = trials.find(({ trial }) => trial === report.result.trial);
  return html`${parts}${
    best ? ringed(place(best), seriesOf.get(best.algorithm) ?? 0) : null
  }`;
}

/** Which point is which algorithm's. */
export function legend(report: Report, more: readonly Html[] = []): Html {
  return html`<ul class="legend">${
    [...seriesByAlgorithm(report)].map(([algorithm, series]) =>
      html`<li>${swatch(series)} ${algorithm}</li>`
    )
  }${more.map((each) => html`<li>${each}</li>`)}</ul>`;
}
