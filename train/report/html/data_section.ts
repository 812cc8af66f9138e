import type { Report, ReportedActivity, ReportedData } from "../report.ts";
import { count, percent, time } from "./format.ts";
import { type Html, html, type HtmlValue } from "./html.ts";
import type { Section } from "./section.ts";
import { table } from "./table.ts";

const STAYS: Readonly<Record<ReportedData["dedup"], string>> = {
  keep_first: "the first row stays",
  keep_last: "the last row stays",
  none: "all stay",
};

/** What was read, what was dropped, and who is how active. */
export function dataSection({ data }: Report): Section {
  const { period, item_fields } = data;
  return {
    id: "data",
    title: "Data",
    body: html`<div class="pair">
${
      table({
        caption: "Rows",
        columns: COUNTED,
        rows: [
          ["Read", count(data.rows_read), ""],
          part("Dropped: without an id", data.rows_without_id, data.rows_read),
          part(
            `Dropped: repeats of a user and item (${STAYS[data.dedup]})`,
            data.rows_repeated,
            data.rows_read,
          ),
          part("Kept", data.rows_kept, data.rows_read),
        ],
      })
    }
${
      table({
        caption: "What they are",
        columns: [{ label: "What" }, { label: "Value", kind: "number" }],
        rows: [
          ["Users", count(data.users)],
          ["Items", count(data.items)],
          ["Pairs of user and item", count(data.pairs)],
          ["Density", percent(data.density)],
          ...(period
            ? [["First", time(period[0])], ["Last", time(period[1])]]
            : []),
        ],
      })
    }
</div>
<div class="pair">${
      histogram("Users by number of items", "Items", data.users_by_items)
    }${
      histogram("Items by number of users", "Users", data.items_by_users)
    }</div>
${item_fields && fields(item_fields, data.items)}`,
  };
}

/** Of a hundred; one that is there must be seen. */
const LEAST_BAR = 1;
const COUNTED = [
  { label: "Rows" },
  { label: "Number", kind: "number" },
  { label: "Share", kind: "number" },
] as const;

function part(name: string, value: number, of: number): HtmlValue[] {
  return [name, count(value), percent(value / Math.max(1, of))];
}

function histogram(
  caption: string,
  what: string,
  bars: readonly ReportedActivity[],
): Html {
  const most = Math.max(...bars.map(({ count }) => count));
  return table({
    caption,
    columns: [
      { label: what },
      { label: html`<span class="hidden">Bar</span>`, kind: "drawing" },
      { label: "Number", kind: "number" },
    ],
    rows: bars.map(({ from, to, count: number }) => [
      from === to ? count(from) : `${count(from)} to ${count(to)}`,
      html`
        <svg class="bar" width="100%" height="14" aria-hidden="true">
          <rect width="${Math.max(LEAST_BAR, 100 * number / most).toFixed(
            1,
          )}%" height="14" rx="2" />
        </svg>
      `,
      count(number),
    ]),
  });
}

function fields(
  fields: NonNullable<ReportedData["item_fields"]>,
  items: number,
): Html {
  return table({
    caption: "Fields of the items",
    columns: [
      { label: "Field" },
      { label: "Items without", kind: "number" },
      { label: "Share", kind: "number" },
    ],
    rows: fields.map(({ field, missing }) => part(field, missing, items)),
  });
}
