import type { ItemTable } from "./item_table.ts";

const TITLES = [
  /^(?:title|name|label)$/,
  /title|name|label/,
  /description|text/,
];
/** Rows looked at to learn which fields hold text. */
const ROWS = 100;

/** The field that a person would call an item by: one named so, or else the first that holds text; null: there is none. */
export function titleField(
  table: ItemTable,
  items: number,
): string | null {
  const ofText = new Set<string>();
  for (let item = 0; item < Math.min(items, ROWS); item++) {
    for (const [field, value] of Object.entries(table.row(item))) {
      if (typeof value === "string") ofText.add(field);
    }
  }
  const fields = table.fields.filter((field) => ofText.has(field));
  for (const pattern of TITLES) {
    const found = fields.find((field) => pattern.test(field.toLowerCase()));
    if (found !== undefined) return found;
  }
  return fields[0] ?? null;
}
