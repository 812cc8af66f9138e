import { line, lineSwatch } from "../plot/marks.ts";
import { plot } from "../plot/plot.ts";
import { linearScale } from "../plot/scale.ts";
import type { Report, ReportedCatalogue } from "../report.ts";
import { count, parameter, percent } from "./format.ts";
import { type Html, html } from "./html.ts";
import type { Section } from "./section.ts";
import { tableBehind } from "./table.ts";

/** Shares of the catalogue that the table tells of. */
const TOLD = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1];
const UNIT = linearScale([0, 1], 6);
const PERCENT = {
  scale: UNIT,
  format: (share: number) => `${parameter(100 * share)} %`,
};

/** How much of the catalogue the lists reach, and how far they prefer what is popular. */
export function catalogueSection({ catalogue, data }: Report): Section {
  const { users, cutoff } = catalogue;
  const all = users === data.users;
  return {
    id: "catalogue",
    title: "Catalogue",
    body: html`<p>What the published model lists for ${
      all ? "all" : `${count(users)} evenly chosen`
    } users, ${cutoff} items each. ${longTail(catalogue)}</p>
<div class="pair">${concentrationPlot(catalogue)}${
      coveragePlot(catalogue)
    }</div>`,
  };
}

function longTail({ concentration }: ReportedCatalogue): string {
  const { interactions, recommendations } = sharesAt(concentration, 0.1);
  return `The most popular tenth of the items has ${
    percent(interactions)
  } of the interactions and ${
    percent(recommendations)
  } of the places in lists.`;
}

function concentrationPlot({ concentration }: ReportedCatalogue): Html {
  const line1 = "c0";
  const line2 = "c1 dashed";
  return html`<figure><figcaption><b>Long tail</b> items from the most popular on</figcaption>${
    plot({
      description: longTail({ concentration } as ReportedCatalogue),
      x: { ...PERCENT, label: "Share of the items" },
      y: { ...PERCENT, label: "Share of all, summed up" },
      height: 240,
      marks: [
        line(
          concentration.map(({ items, interactions }) => [items, interactions]),
          line1,
        ),
        line(
          concentration.map((
            { items, recommendations },
          ) => [items, recommendations]),
          line2,
        ),
      ],
    })
  }<ul class="legend"><li>${lineSwatch(line1)} interactions</li><li>${
    lineSwatch(line2)
  } places in lists</li></ul>${
    tableBehind({
      caption: "Long tail",
      columns: [
        { label: "Most popular items" },
        { label: "Interactions", kind: "number" },
        { label: "Places in lists", kind: "number" },
      ],
      rows: TOLD.map((share) => {
        const { interactions, recommendations } = sharesAt(
          concentration,
          share,
        );
        return [
          percent(share),
          percent(interactions),
          percent(recommendations),
        ];
      }),
    })
  }</figure>`;
}

function coveragePlot({ coverage }: ReportedCatalogue): Html {
  const last = coverage.at(-1)!;
  const x = linearScale([0, last.length], 5, 1);
  const y = linearScale([0, last.items], 6);
  const summary = `Lists of ${last.length} reach ${
    percent(last.items)
  } of the items`;
  return html`<figure><figcaption><b>Coverage</b> items in anybody’s list</figcaption>${
    plot({
      description: `${summary}.`,
      x: { scale: x, label: "Length of the lists", format: count },
      y: { ...PERCENT, scale: y, label: "Share of the items" },
      height: 240,
      marks: line(
        [
          [x.at(0), y.at(0)],
          ...coverage.map(({ length, items }) =>
            [x.at(length), y.at(items)] as const
          ),
        ],
        "c0",
      ),
    })
  }<p class="small">${summary}.</p>${
    tableBehind({
      caption: "Coverage",
      columns: [
        { label: "Length of the lists" },
        { label: "Items in some list", kind: "number" },
      ],
      rows: coverage.map(({ length, items }) => [length, percent(items)]),
    })
  }</figure>`;
}

/** The curve at a share of the items, between its points. */
function sharesAt(
  curve: ReportedCatalogue["concentration"],
  items: number,
): ReportedCatalogue["concentration"][number] {
  const next = curve.findIndex((point) => point.items >= items - 1e-9);
  const after = curve[next] ?? curve.at(-1)!;
  const before = curve[next - 1] ?? after;
  const width = after.items - before.items;
  const part = width === 0 ? 0 : (items - before.items) / width;
  const at = (key: "interactions" | "recommendations") =>
    before[key] + part * (after[key] - before[key]);
  return {
    items,
    interactions: at("interactions"),
    recommendations: at("recommendations"),
  };
}
