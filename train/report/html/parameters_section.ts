import type { Dimension } from "../../../algorithms/algorithm.ts";
import { points, ringed, swatch } from "../plot/marks.ts";
import { plot } from "../plot/plot.ts";
import { extentOf, linearScale, logScale, type Scale } from "../plot/scale.ts";
import type { Report, ReportedAlgorithm } from "../report.ts";
import { parameter, tickFormat } from "./format.ts";
import { type Html, html } from "./html.ts";
import { metricAt } from "./metric_name.ts";
import type { Section } from "./section.ts";
import { drawnTrials, type ScoredTrial } from "./series.ts";

/** Points of a choice lie beside each other over this share of its room. */
const SPREAD = 0.5;

/** How the score depends on each parameter, one small plot for each; null when nothing was searched. */
export function parametersSection(report: Report): Section | null {
  const trials = drawnTrials(report);
  const searched = report.search.algorithms.flatMap((own, series) => {
    const tried = trials.filter(({ algorithm }) => algorithm === own.algorithm);
    return Object.keys(own.space).length > 0 && tried.length > 1
      ? [algorithmPlots(report, own, series, tried)]
      : [];
  });
  if (searched.length === 0) return null;
  return {
    id: "parameters",
    title: "Parameters",
    body: html`<p>${
      metricAt(report.result)
    } against each parameter that was searched, over the whole range of the search; the axis is logarithmic where the search draws so. The ring is the algorithm’s best trial: one at the edge of a range says that the range ends too early.</p>
${searched}`,
  };
}

function algorithmPlots(
  report: Report,
  { algorithm, space }: ReportedAlgorithm,
  series: number,
  trials: readonly ScoredTrial[],
): Html {
  const y = linearScale(extentOf(trials.map(({ score }) => score))!, 4);
  const best = trials.reduce((a, b) => b.score > a.score ? b : a);
  return html`<h3>${swatch(series)} ${algorithm}</h3>
<div class="multiples">${
    Object.entries(space).map(([name, dimension]) => {
      const drawn = trials.filter(({ params }) => name in params);
      if (drawn.length === 0) return null;
      const x = parameterAxis(name, dimension, drawn);
      const place = (trial: ScoredTrial) =>
        [x.at(trial), y.at(trial.score)] as const;
      return html`<figure><figcaption><b>${name}</b> ${
        name in best.params ? html`best ${parameter(best.params[name])}` : null
      }</figcaption>${
        plot({
          description: `${
            metricAt(report.result)
          } of ${drawn.length} trials of ${algorithm} against ${name}; best at ${
            parameter(best.params[name])
          }. The numbers are in the table of all trials.`,
          x: { scale: x.scale, label: "", format: x.format },
          y: { scale: y, label: "", format: tickFormat(y.ticks) },
          height: 140,
          marks: html`${points(drawn.map(place), series)}${
            name in best.params ? ringed(place(best), series) : null
          }`,
        })
      }</figure>`;
    })
  }</div>`;
}

interface ParameterAxis {
  readonly scale: Scale;
  format(value: number): string;
  at(trial: ScoredTrial): number;
}

function parameterAxis(
  name: string,
  dimension: Dimension,
  trials: readonly ScoredTrial[],
): ParameterAxis {
  if (dimension.type === "categorical") {
    return choiceAxis(name, dimension.choices);
  }
  const { low, high, log = false, type } = dimension;
  const extent = extentOf([
    low,
    high,
    ...trials.map(({ params }) => Number(params[name])),
  ])!;
  const even = !log || extent[0] <= 0;
  const scale = even
    ? linearScale(extent, 4, type === "int" ? 1 : 0)
    : logScale(extent, 5);
  return {
    scale,
    format: even ? tickFormat(scale.ticks) : parameter,
    at: ({ params }) => scale.at(Number(params[name])),
  };
}

function choiceAxis(
  name: string,
  choices: readonly (string | number | boolean)[],
): ParameterAxis {
  const at = (choice: number) => (choice + 0.5) / choices.length;
  return {
    scale: { ticks: choices.map((_, choice) => choice), at },
    format: (choice) => String(choices[choice]),
    at({ params, trial }) {
      // The golden ratio spreads successive numbers evenly, the same each time.
      const aside = (trial * 0.618034) % 1 - 0.5;
      return at(choices.indexOf(params[name]!) + SPREAD * aside);
    },
  };
}
