import type { ItemTable } from "../../core/models/item_table.ts";
import type { Cleansing } from "../../core/recipe/recipe.ts";
import type { Interactions } from "../data/interactions.ts";
import { activity } from "./_activity.ts";
import type { ReportedData } from "./report.ts";

/** What a report says of the data. */
export function dataFacts(
  { matrix, times, stats }: Pick<Interactions, "matrix" | "times" | "stats">,
  table: ItemTable | null,
  popularity: Uint32Array,
  { dedup }: Pick<Cleansing, "dedup">,
): ReportedData {
  const { indptr, indices, rows, cols } = matrix;
  const ofUsers = Uint32Array.from(
    { length: rows },
    (_, user) => indptr[user + 1]! - indptr[user]!,
  );
  return {
    rows_read: stats.rows + stats.dropped,
    rows_kept: stats.rows,
    rows_without_id: stats.withoutId,
    rows_repeated: stats.dropped - stats.withoutId,
    dedup,
    users: rows,
    items: cols,
    pairs: indices.length,
    density: indices.length / (rows * cols),
    period: times && period(times),
    items_by_users: activity(popularity),
    users_by_items: activity(ofUsers),
    item_fields: table && missingFields(table, cols),
  };
}

function period(times: Float64Array): [string, string] {
  let first = Infinity;
  let last = -Infinity;
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return [isoSeconds(first), isoSeconds(last)];
}

function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function missingFields(
  table: ItemTable,
  items: number,
): ReportedData["item_fields"] {
  const missing = new Map(table.fields.map((field) => [field, 0]));
  for (let item = 0; item < items; item++) {
    for (const [field, value] of Object.entries(table.row(item))) {
      if (value === null) missing.set(field, missing.get(field)! + 1);
    }
  }
  return [...missing].map(([field, missing]) => ({ field, missing }));
}
