import type { EncodedTexts } from "../data_source.ts";
import { requireUtf8 } from "../require_utf8.ts";
import { TextBuilder } from "../text_builder.ts";
import { dictionaryCodes, type ParquetPage, spread } from "./_parquet_pages.ts";

/** The physical types whose ids are read here. */
export type IdType = "BYTE_ARRAY" | "INT32" | "INT64";

/**
 * The ids in the pages of a column of `rows` rows as bytes, whole numbers in decimal digits; what a dictionary holds
 * stays there once. Throws `Error` when pages contradict themselves, `TypeError` when text is not UTF-8.
 */
export function parquetIds(
  pages: readonly ParquetPage[],
  rows: number,
  type: IdType,
): EncodedTexts {
  const texts = new TextBuilder();
  const codes = new Int32Array(rows).fill(-1);
  let dictionary = 0;
  let row = 0;
  for (const page of pages) {
    const first = texts.size;
    if (page.kind === "coded") {
      spread(dictionaryCodes(page, dictionary), page, codes, row);
      row += page.rows;
      continue;
    }
    addValues(page, type, texts);
    if (page.kind === "dictionary") {
      if (first > 0) throw new Error("a column has a dictionary too late");
      dictionary = texts.size;
    } else {
      const values = Int32Array.from(
        { length: page.values },
        (_, i) => first + i,
      );
      spread(values, page, codes, row);
      row += page.rows;
    }
  }
  const encoded = texts.take(codes);
  if (type === "BYTE_ARRAY") requireUtf8(encoded);
  return encoded;
}

function addValues(
  { bytes, values }: ParquetPage,
  type: IdType,
  texts: TextBuilder,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (let i = 0; i < values; i++) {
    // A view throws a RangeError beyond its end.
    if (type === "BYTE_ARRAY") {
      const end = at + 4 + view.getUint32(at, true);
      if (end > bytes.length) throw new Error("a page ends before its values");
      texts.add(bytes, at + 4, end);
      at = end;
    } else if (type === "INT32") {
      texts.addInteger(view.getInt32(at, true));
      at += 4;
    } else {
      const value = view.getInt32(at + 4, true) * 2 ** 32 +
        view.getUint32(at, true);
      if (Number.isSafeInteger(value)) {
        texts.addInteger(value);
      } else {
        const digits = encoder.encode(String(view.getBigInt64(at, true)));
        texts.add(digits, 0, digits.length);
      }
      at += 8;
    }
  }
}

const encoder = new TextEncoder();
