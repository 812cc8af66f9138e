import type { Report, ReportedTrial } from "../report.ts";
import { count, duration, parameter, score, size } from "./format.ts";
import { html } from "./html.ts";
import { metricAt } from "./metric_name.ts";
import type { Section } from "./section.ts";
import { table } from "./table.ts";

/** Rows that the table holds at most. */
const MOST_ROWS = 200;
const STATES: Readonly<Record<ReportedTrial["state"], string>> = {
  complete: "complete",
  pruned: "stopped early",
  failed: "failed",
};

/** The trials one by one, best first. */
export function trialsSection({ search, result }: Report): Section {
  const trials = search.trials
    .toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1) || a.trial - b.trial);
  const left = trials.length - MOST_ROWS;
  return {
    id: "trials",
    title: "All trials",
    body: html`<details><summary>${
      left > 0 ? `The best ${MOST_ROWS} of ` : ""
    }${count(trials.length)} trials, best first</summary>
${
      table({
        caption: "Trials, best first",
        columns: [
          { label: "Trial", kind: "number" },
          { label: "Algorithm" },
          { label: metricAt(result), kind: "number" },
          { label: "State" },
          { label: "Time", kind: "number" },
          { label: "Peak memory", kind: "number" },
          { label: "Parameters" },
        ],
        rows: trials.slice(0, MOST_ROWS).map((trial) => [
          trial.trial,
          trial.algorithm,
          score(trial.score),
          html`${STATES[trial.state]}${
            trial.error === null
              ? null
              : html`<br><small>${trial.error}</small>`
          }`,
          duration(trial.seconds),
          size(trial.peak_bytes),
          Object.entries(trial.params)
            .map(([name, value]) => `${name} ${parameter(value)}`).join(", "),
        ]),
      })
    }</details>
${
      left > 0
        ? html`
          <p
            class="small">The other ${count(
              left,
            )} are in the JSON file beside this report.</p>
        `
        : null
    }`,
  };
}
