import { RecotemError } from "../../../core/errors.ts";
import type { Column, SourceColumn } from "../data_source.ts";
import { decimalText } from "../decimal_text.ts";
import { EncodedTextColumn } from "../encoded_text_column.ts";
import { requireUtf8 } from "../require_utf8.ts";
import { TextBuilder } from "../text_builder.ts";
import { TextCache } from "../text_cache.ts";
import { timeOfText } from "./_time_of_text.ts";

/** Collects the cells of one column, given as PostgreSQL's text. */
export interface CellColumn {
  /** A cell whose text is `bytes[from .. to]`. */
  add(bytes: Uint8Array, from: number, to: number): void;
  /** A cell that is null. */
  addNull(): void;
  /** The cells so far; the next ones belong to a new column. */
  take(): Column;
}

/** What values are, by the type's number in `pg_type`. */
const KINDS: Readonly<
  Record<number, "integer" | "float" | "text" | "boolean" | "date" | "time">
> = {
  16: "boolean",
  18: "text",
  19: "text",
  20: "integer",
  21: "integer",
  23: "integer",
  25: "text",
  26: "integer",
  700: "float",
  701: "float",
  1042: "text",
  1043: "text",
  1082: "date",
  1114: "time",
  1184: "time",
  1700: "float",
  2950: "text",
};

/** Types with higher numbers are made by users: enumerations, and those of extensions such as `citext`. */
const FIRST_OWN_TYPE = 16_384;
const NUMERIC = 1700;

/**
 * Collects the cells of a column of a type.
 *
 * @throws {RecotemError} `datasource_error` for a type whose values are no ids, or not supported.
 */
export function cellColumn(column: SourceColumn, type: number): CellColumn {
  const kind = KINDS[type] ?? (type >= FIRST_OWN_TYPE ? "text" : undefined);
  const isId = column.role === "id";
  if (isId && (kind === "text" || kind === "integer" || type === NUMERIC)) {
    return new IdColumn();
  }
  if (isId && kind === "float") return new FloatIdColumn();
  if (!isId) {
    switch (kind) {
      case "text":
        return new TextColumn();
      case "integer":
      case "float":
        return new NumberColumn(kind === "integer");
      case "boolean":
        return new BooleanColumn();
      case "date":
      case "time":
        return new TimeColumn(column.name, kind === "date");
    }
  }
  throw new RecotemError(
    "datasource_error",
    `Column "${column.name}" is of a type (number ${type} in pg_type) that ${
      isId ? "cannot be an id" : "is not supported"
    }: cast it to text in the query`,
  );
}

class IdColumn implements CellColumn {
  readonly #texts = new TextBuilder();
  readonly #cache = new TextCache();

  add(bytes: Uint8Array, from: number, to: number): void {
    this.#texts.add(bytes, from, to);
  }

  addNull(): void {
    this.#texts.addNull();
  }

  take(): Column {
    const texts = this.#texts.take();
    // A database without an encoding hands out whatever it was given.
    requireUtf8(texts);
    return new EncodedTextColumn(texts, this.#cache);
  }
}

/** Ids that are floating-point numbers: the same digits as from any other source. */
class FloatIdColumn extends IdColumn {
  override take(): Column {
    const { values } = super.take() as Column & { type: "text" };
    return {
      type: "text",
      values: values.map((text) => {
        const value = Number(text ?? NaN);
        return isNaN(value) ? null : decimalText(value);
      }),
    };
  }
}

class TextColumn implements CellColumn {
  readonly #cache = new TextCache();
  #values: (string | null)[] = [];

  add(bytes: Uint8Array, from: number, to: number): void {
    this.#values.push(this.#cache.text(bytes, from, to));
  }

  addNull(): void {
    this.#values.push(null);
  }

  take(): Column {
    const values = this.#values;
    this.#values = [];
    return { type: "text", values };
  }
}

/** The whole number that a text writes; NaN when it has more digits than a number surely holds, or is none. */
function integerOf(bytes: Uint8Array, from: number, to: number): number {
  const start = bytes[from] === 45 ? from + 1 : from;
  if (to - start > 15) return NaN;
  let value = 0;
  for (let at = start; at < to; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return start === from ? value : -value;
}

class NumberColumn implements CellColumn {
  readonly #exact: boolean;
  #values: number[] = [];
  /** Where 64 bits hold more than a number can: the text of those cells. */
  #texts = new Map<number, string>();

  constructor(exact: boolean) {
    this.#exact = exact;
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    const value = integerOf(bytes, from, to);
    if (value === value) this.#values.push(value);
    else this.#addText(bytes, from, to);
  }

  #addText(bytes: Uint8Array, from: number, to: number): void {
    const text = String.fromCharCode(...bytes.subarray(from, to));
    const value = Number(text);
    if (this.#exact && !Number.isSafeInteger(value)) {
      this.#texts.set(this.#values.length, text);
    }
    this.#values.push(value);
  }

  addNull(): void {
    this.#values.push(NaN);
  }

  take(): Column {
    const values = this.#values;
    const texts = this.#texts;
    this.#values = [];
    if (texts.size === 0) {
      return { type: "number", values: new Float64Array(values) };
    }
    this.#texts = new Map();
    return {
      type: "text",
      values: values.map((value, at) =>
        texts.get(at) ?? (isNaN(value) ? null : String(value))
      ),
    };
  }
}

class BooleanColumn implements CellColumn {
  #values: (boolean | null)[] = [];

  add(bytes: Uint8Array, from: number): void {
    this.#values.push(bytes[from] === 116);
  }

  addNull(): void {
    this.#values.push(null);
  }

  take(): Column {
    const values = this.#values;
    this.#values = [];
    return { type: "boolean", values };
  }
}

class TimeColumn implements CellColumn {
  readonly #name: string;
  readonly #dateOnly: boolean;
  #values: number[] = [];

  constructor(name: string, dateOnly: boolean) {
    this.#name = name;
    this.#dateOnly = dateOnly;
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    const time = timeOfText(bytes, from, to);
    if (isNaN(time)) {
      throw new RecotemError(
        "datasource_error",
        `Column "${this.#name}" holds a time that is infinite or not of the years 1 to 9999`,
      );
    }
    this.#values.push(time);
  }

  addNull(): void {
    this.#values.push(NaN);
  }

  take(): Column {
    const values = new Float64Array(this.#values);
    this.#values = [];
    return { type: "time", values, dateOnly: this.#dateOnly };
  }
}
