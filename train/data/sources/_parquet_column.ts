import type { DecodedArray, ParquetParsers, SchemaElement } from "hyparquet";
import type { Column, SourceColumn } from "../data_source.ts";
import { decimalText } from "../decimal_text.ts";

export const DAY = 86_400_000;

/** What the values of a column are, whatever their physical type. */
type Kind =
  | "text"
  | "integer"
  | "float"
  | "decimal"
  | "boolean"
  | "date"
  | "timestamp";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Makes the reader answer times as milliseconds (with fractions) and refuse text that is not UTF-8. */
export const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => Number(value),
  timestampFromMicroseconds: (value) => Number(value) / 1e3,
  timestampFromNanoseconds: (value) => Number(value) / 1e6,
  dateFromDays: (value) => value * DAY,
  stringFromBytes: (value) => decoder.decode(value),
  jsonFromBytes: (value) => decoder.decode(value),
};

/**
 * The decoded values of a flat column as a {@linkcode Column}: ids as text (numbers as plain decimals), other values in
 * the type of the file, 64-bit integers beyond ±2⁵³ as text.
 *
 * Throws `TypeError` for a type that has no such form.
 */
export function parquetColumn(
  element: SchemaElement,
  values: DecodedArray,
  { role }: SourceColumn,
): Column {
  const kind = kindOf(element);
  if (kind === undefined || (role === "id" && !isId(kind))) {
    throw new TypeError(
      `column "${element.name}" holds ${describe(element)}, ${
        role === "id" ? "ids must be text or numbers" : "which is not supported"
      }`,
    );
  }
  const present = (value: unknown): boolean =>
    value !== null && value !== undefined;
  const map = <T>(convert: (value: never) => T): (T | null)[] =>
    Array.from(
      values as ArrayLike<unknown>,
      (value) => present(value) ? convert(value as never) : null,
    );
  const numbers = (): Float64Array =>
    Float64Array.from(
      values as ArrayLike<unknown>,
      (value) => present(value) ? Number(value) : NaN,
    );

  switch (kind) {
    case "text":
      return {
        type: "text",
        values: map((value: string) =>
          value === "" && role === "id" ? null : value
        ),
      };
    case "boolean":
      return { type: "boolean", values: map((value: boolean) => value) };
    case "date":
    case "timestamp":
      return { type: "time", values: numbers(), dateOnly: kind === "date" };
    case "integer":
      if (role === "value" && Array.prototype.every.call(values, isSafe)) {
        return { type: "number", values: numbers() };
      }
      return {
        type: "text",
        values: map((value: number | bigint) => `${value}`),
      };
    case "float":
    case "decimal": {
      const floats = kind === "decimal"
        ? decimals(element, numbers(), role)
        : numbers();
      if (role === "value") return { type: "number", values: floats };
      return {
        type: "text",
        values: Array.from(
          floats,
          (value) => isNaN(value) ? null : decimalText(value),
        ),
      };
    }
  }
}

/** Undoes the reader's multiplication by a power of ten, which leaves 123.45 as 123.45000000000002. */
function decimals(
  { name, scale = 0 }: SchemaElement,
  values: Float64Array,
  role: SourceColumn["role"],
): Float64Array {
  return values.map((value) => {
    if (role === "id" && Math.abs(value) * 10 ** scale > 2 ** 53) {
      throw new TypeError(
        `column "${name}" holds decimals of more than 15 digits, which would not stay distinct; write ids as text`,
      );
    }
    return Number(value.toFixed(scale));
  });
}

export function kindOf(element: SchemaElement): Kind | undefined {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === "DECIMAL") return "decimal";
  if (converted === "DATE") return "date";
  // The reader decodes these two by their older annotation only, and would answer bare integers.
  if (logical?.type === "DECIMAL" || logical?.type === "DATE") return undefined;
  if (type === "INT96" || logical?.type === "TIMESTAMP") return "timestamp";
  if (converted?.startsWith("TIMESTAMP_")) return "timestamp";
  if (logical?.type === "TIME" || converted?.startsWith("TIME_")) {
    return undefined;
  }
  switch (type) {
    case "BOOLEAN":
      return "boolean";
    case "INT32":
    case "INT64":
      return "integer";
    case "FLOAT":
    case "DOUBLE":
      return "float";
    case "BYTE_ARRAY":
      return converted === "BSON" || isSpatial(element) ? undefined : "text";
    case "FIXED_LEN_BYTE_ARRAY":
      if (logical?.type === "UUID") return "text";
      return logical?.type === "FLOAT16" ? "float" : undefined;
    default:
      return undefined;
  }
}

function isSpatial({ logical_type: logical }: SchemaElement): boolean {
  return logical?.type === "GEOMETRY" || logical?.type === "GEOGRAPHY" ||
    logical?.type === "VARIANT";
}

function isId(kind: Kind): boolean {
  return kind === "text" || kind === "integer" || kind === "float" ||
    kind === "decimal";
}

function isSafe(value: unknown): boolean {
  return typeof value !== "bigint" ||
    (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER);
}

function describe(
  { type, converted_type, logical_type }: SchemaElement,
): string {
  return logical_type?.type ?? converted_type ?? type ?? "groups of values";
}
