import { RecotemError } from "../../core/errors.ts";
import type { ColumnSchema } from "../../core/recipe/recipe.ts";
import type { Column, EncodedTexts } from "./data_source.ts";
import { parseIsoTime } from "./_parse_iso_time.ts";
import { timeOfBytes, wholeNumberOfBytes } from "./_time_of_bytes.ts";

const MILLISECONDS = { s: 1e3, ms: 1, us: 1e-3, ns: 1e-6 } as const;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** What 64 bits of nanoseconds can hold, as in most table formats; a wrong unit soon falls outside. */
const EARLIEST = Date.UTC(1677, 8, 22);
const LATEST = Date.UTC(2262, 3, 11);

/**
 * Reads the cells of a time column as milliseconds since 1970. Numbers need a unit; text is ISO 8601 in UTC, or a
 * number when the first text of the column is one, as in a CSV file.
 *
 * Throws `time_unit_required`, and `time_column_parse_error` naming the row and the shape of the value.
 */
export class TimeReader {
  readonly #name: string;
  readonly #unit: ColumnSchema["time_unit"];
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #textIsNumeric: boolean | undefined;

  /** A reader of the column called `name`. */
  constructor(name: string, unit: ColumnSchema["time_unit"]) {
    this.#name = name;
    this.#unit = unit;
  }

  /** Time in cell `index` of a batch; `row` is its row in the source, from 1. */
  read(column: Column, index: number, row: number): number {
    switch (column.type) {
      case "time":
        return this.#checked(column.values[index]!, row);
      case "number":
        return this.#number(column.values[index]!, row);
      case "text":
        return column.encoded === undefined
          ? this.#text(column.values[index]!, row)
          : this.#encoded(column.encoded, index, row);
      case "boolean":
        throw this.#error(row, "is not a time", "true or false");
    }
  }

  /** Common ways to write a time are read from their bytes; what is left goes the way of all text. */
  #encoded(
    { bytes, starts, ends, codes }: EncodedTexts,
    index: number,
    row: number,
  ): number {
    const text = codes === null ? index : codes[index]!;
    if (text < 0) return this.#text(null, row);
    const from = starts[text]!;
    const to = ends[text]!;
    if (this.#textIsNumeric === true) {
      const number = wholeNumberOfBytes(bytes, from, to);
      const time = number * MILLISECONDS[this.#unit ?? "s"];
      if (this.#unit !== null && time >= EARLIEST && time <= LATEST) {
        return time;
      }
    } else if (this.#textIsNumeric === false) {
      const time = timeOfBytes(bytes, from, to);
      if (time >= EARLIEST && time <= LATEST) return time;
    }
    return this.#text(this.#decoder.decode(bytes.subarray(from, to)), row);
  }

  #text(value: string | null, row: number): number {
    const text = value?.trim() ?? "";
    if (text === "") return this.#checked(NaN, row);
    this.#textIsNumeric ??= NUMBER.test(text);
    if (this.#textIsNumeric) {
      const number = NUMBER.test(text) ? Number(text) : NaN;
      return this.#number(number, row, text);
    }
    const time = parseIsoTime(text);
    if (isNaN(time)) {
      throw this.#error(
        row,
        "is not an ISO 8601 date such as 2010-12-01T08:26:00Z",
        text,
      );
    }
    return this.#checked(time, row, text);
  }

  #number(value: number, row: number, text?: string): number {
    if (this.#unit === null) {
      throw new RecotemError(
        "time_unit_required",
        `Time column "${this.#name}" is numeric; set schema.time_unit to s, ms, us or ns`,
      );
    }
    if (isNaN(value) && text !== undefined) {
      throw this.#error(row, "is not a number like the first one", text);
    }
    return this.#checked(value * MILLISECONDS[this.#unit], row, text);
  }

  #checked(time: number, row: number, text?: string): number {
    if (time >= EARLIEST && time <= LATEST) return time;
    if (isNaN(time)) throw this.#error(row, "is missing");
    throw this.#error(
      row,
      "lies outside the years 1678 to 2261; schema.time_unit may be wrong",
      text,
    );
  }

  #error(row: number, what: string, text?: string): RecotemError {
    const shape = text === undefined
      ? ""
      : ` (it looks like "${shapeOf(text)}")`;
    return new RecotemError(
      "time_column_parse_error",
      `Time in row ${row} of column "${this.#name}" ${what}${shape}`,
      { details: { row } },
    );
  }
}

/** What a value looks like without saying what it is: digits as 9, letters as a. */
function shapeOf(text: string): string {
  return text.slice(0, 40).replace(/\p{Nd}/gu, "9").replace(/\p{L}/gu, "a")
    .replace(/\p{C}/gu, "?");
}
