import { dictionaryCodes, type ParquetPage, spread } from "./_parquet_pages.ts";

/** The physical types whose numbers are read here. */
export type NumberType = "INT32" | "INT64" | "FLOAT" | "DOUBLE";

/**
 * The numbers in the pages of a column of `rows` rows, NaN where there is none; 64-bit integers beyond ±2⁵³ are rounded.
 * Throws `Error` when pages contradict themselves.
 */
export function parquetNumbers(
  pages: readonly ParquetPage[],
  rows: number,
  type: NumberType,
): Float64Array {
  const numbers = new Float64Array(rows).fill(NaN);
  let dictionary = new Float64Array();
  let row = 0;
  for (const page of pages) {
    if (page.kind === "dictionary") {
      dictionary = plainNumbers(page, type);
      continue;
    }
    if (page.kind === "plain") {
      spread(plainNumbers(page, type), page, numbers, row);
    } else {
      const codes = dictionaryCodes(page, dictionary.length);
      const values = new Float64Array(codes.length);
      for (let i = 0; i < codes.length; i++) values[i] = dictionary[codes[i]!]!;
      spread(values, page, numbers, row);
    }
    row += page.rows;
  }
  return numbers;
}

function plainNumbers(
  { bytes, values }: ParquetPage,
  type: NumberType,
): Float64Array<ArrayBuffer> {
  // A view throws a RangeError beyond its end.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(values);
  switch (type) {
    case "INT32":
      for (let i = 0; i < values; i++) numbers[i] = view.getInt32(4 * i, true);
      break;
    case "INT64":
      for (let i = 0; i < values; i++) {
        numbers[i] = view.getInt32(8 * i + 4, true) * 2 ** 32 +
          view.getUint32(8 * i, true);
      }
      break;
    case "FLOAT":
      for (let i = 0; i < values; i++) {
        numbers[i] = view.getFloat32(4 * i, true);
      }
      break;
    case "DOUBLE":
      for (let i = 0; i < values; i++) {
        numbers[i] = view.getFloat64(8 * i, true);
      }
  }
  return numbers;
}
