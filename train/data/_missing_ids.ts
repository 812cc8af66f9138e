import type { Column } from "./data_source.ts";

/** Sets `present` to 0 for each row that has no id in a column of text. */
export function clearMissing(column: Column, present: Uint8Array): void {
  if (column.type !== "text") return;
  const { encoded } = column;
  if (encoded === undefined) {
    const { values } = column;
    for (let row = 0; row < present.length; row++) {
      if ((values[row] ?? null) === null) present[row] = 0;
    }
    return;
  }
  const { starts, ends, codes } = encoded;
  for (let row = 0; row < present.length; row++) {
    const text = codes === null ? row : codes[row]!;
    if (text < 0 || starts[text] === ends[text]) present[row] = 0;
  }
}

/** Whether one row has none. */
export function isMissing(column: Column, row: number): boolean {
  const present = new Uint8Array(row + 1);
  present[row] = 1;
  clearMissing(column, present);
  return present[row] === 0;
}
