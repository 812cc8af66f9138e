import { plot } from "../plot/plot.ts";
import { extentOf, linearScale, logScale } from "../plot/scale.ts";
import type { Report } from "../report.ts";
import { count, duration, size } from "./format.ts";
import { type Html, html } from "./html.ts";
import { trialScale } from "./score_section.ts";
import type { Section } from "./section.ts";
import {
  drawnTrials,
  legend,
  type ScoredTrial,
  trialPoints,
} from "./series.ts";

type CountedTrial = ScoredTrial & { readonly peak_bytes: number };

/** Room beyond the least and the greatest, so that their points are whole. */
const MARGIN = 1.25;
/** Less than a millisecond is not told apart. */
const LEAST_SECONDS = 0.001;

/** What the trials took. */
export function costSection(report: Report): Section {
  const trials = drawnTrials(report);
  return {
    id: "cost",
    title: "Time and memory",
    body:
      html`<p>Wall time of each trial, fit and evaluation together, on a logarithmic axis; and the most kernel memory in use at once while it ran, the data included. What the workers’ own scratch space and the runtime take comes on top.</p>
<div class="pair">${secondsPlot(report, trials)}${
        memoryPlot(
          report,
          trials.filter((trial) => trial.peak_bytes !== null) as CountedTrial[],
        )
      }</div>
${legend(report)}`,
  };
}

function secondsPlot(report: Report, trials: readonly ScoredTrial[]): Html {
  const x = trialScale(report);
  const secondsOf = ({ seconds }: ScoredTrial) =>
    Math.max(seconds, LEAST_SECONDS);
  const extent = extentOf(trials.map(secondsOf)) ?? [LEAST_SECONDS, 1];
  const y = logScale([extent[0] / MARGIN, extent[1] * MARGIN], 6);
  return html`<figure><figcaption><b>Time</b> ${
    duration(report.search.seconds)
  } in all</figcaption>${
    plot({
      description: `Seconds of each trial, from ${duration(extent[0])} to ${
        duration(extent[1])
      }. The numbers are in the table of all trials.`,
      x: { scale: x, label: "Trial", format: count },
      y: { scale: y, label: "", format: duration },
      height: 200,
      marks: trialPoints(
        report,
        trials,
        (trial) => [x.at(trial.trial), y.at(secondsOf(trial))],
      ),
    })
  }</figure>`;
}

function memoryPlot(
  report: Report,
  trials: readonly CountedTrial[],
): Html | null {
  const extent = extentOf(trials.map(({ peak_bytes }) => peak_bytes));
  if (extent === null) return null;
  const x = trialScale(report);
  const y = linearScale([0, extent[1]], 6);
  const place = (trial: ScoredTrial) =>
    [x.at(trial.trial), y.at(trial.peak_bytes ?? 0)] as const;
  return html`<figure><figcaption><b>Memory</b> at most ${
    size(extent[1])
  }</figcaption>${
    plot({
      description: `Peak kernel memory of each trial, from ${
        size(extent[0])
      } to ${size(extent[1])}. The numbers are in the table of all trials.`,
      x: { scale: x, label: "Trial", format: count },
      y: {
        scale: y,
        label: "",
        format: (bytes) => bytes === 0 ? "0" : size(bytes),
      },
      height: 200,
      marks: trialPoints(report, trials, place),
    })
  }</figure>`;
}
