import { seriesClass, swatch } from "../plot/marks.ts";
import { extentOf, linearScale } from "../plot/scale.ts";
import type { Report, ReportedAlgorithm } from "../report.ts";
import { between, count, duration, score, size } from "./format.ts";
import { type Html, html } from "./html.ts";
import { metricAt } from "./metric_name.ts";
import type { Section } from "./section.ts";
import { table } from "./table.ts";

/** How each algorithm did: a table with a drawing of its range of scores. */
export function algorithmsSection({ search, result }: Report): Section {
  const extent = extentOf(
    search.algorithms.flatMap(({ scores }) =>
      scores ? [scores.min, scores.max] : []
    ),
  );
  const scale = linearScale(extent ?? [0, 1], 5);
  const share = (value: number) => `${(100 * scale.at(value)).toFixed(1)}%`;

  function range({ scores }: ReportedAlgorithm, series: number): Html | null {
    if (scores === null) return null;
    return html`
      <svg class="range ${seriesClass(
        series,
      )}" width="100%" height="20" aria-hidden="true">
        <line x1="${share(scores.min)}" x2="${share(
          scores.max,
        )}" y1="10" y2="10" />
        <line class="median" x1="${share(scores.median)}" x2="${share(
          scores.median,
        )}" y1="4" y2="16" />
        <circle cx="${share(scores.max)}" cy="10" r="4.5" />
      </svg>
    `;
  }

  return {
    id: "algorithms",
    title: "Algorithms",
    body: html`<p>${
      metricAt(result)
    } of each algorithm’s trials: the line runs from the lowest score to the best, which is the dot; the stroke across it is the median.</p>
${
      table({
        caption: "Scores, time and memory by algorithm",
        columns: [
          { label: "Algorithm" },
          { label: "Range", kind: "drawing" },
          { label: "Best", kind: "number" },
          { label: "95 % interval", kind: "number" },
          { label: "Median", kind: "number" },
          { label: "Lowest", kind: "number" },
          { label: "Trials", kind: "number" },
          { label: "Stopped early", kind: "number" },
          { label: "Failed", kind: "number" },
          { label: "Time", kind: "number" },
          { label: "Peak memory", kind: "number" },
        ],
        rows: search.algorithms.map((own, series) => [
          html`<span class="named">${swatch(series)} ${own.algorithm}</span>`,
          range(own, series),
          score(own.scores?.max ?? null),
          between(own.interval),
          score(own.scores?.median ?? null),
          score(own.scores?.min ?? null),
          count(own.trials),
          count(own.pruned),
          count(own.failed),
          duration(own.seconds),
          size(own.peak_bytes),
        ]),
      })
    }`,
  };
}
