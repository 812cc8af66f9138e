import { RecotemError } from "../../core/errors.ts";
import type { Column, SourceColumn } from "./data_source.ts";
import { decimalText } from "./decimal_text.ts";

/**
 * The values of one column, as a driver gives them, as a {@linkcode Column}: ids as text (numbers as plain decimals),
 * other values as numbers, truth values or text. Whole numbers beyond ±2⁵³ make a column of values text.
 *
 * @throws {RecotemError} `datasource_error` for values that have no such form, such as bytes.
 */
export function valueColumn(
  column: SourceColumn,
  values: readonly unknown[],
): Column {
  const texts = () => values.map((value) => textOf(value, column));
  if (column.role === "id") {
    return { type: "text", values: texts() };
  }
  const types = new Set(
    values.map((value) =>
      typeof value === "bigint" && isSafe(value) ? "number" : typeof value
    ).filter((type) => type !== "object" && type !== "undefined"),
  );
  const [type = "string"] = types;
  if (types.size > 1 || (type !== "number" && type !== "boolean")) {
    return { type: "text", values: texts() };
  }
  return type === "number"
    ? {
      type,
      values: Float64Array.from(
        values,
        (value) => value === null || value === undefined ? NaN : Number(value),
      ),
    }
    : {
      type: "boolean",
      values: values.map((value) => typeof value === "boolean" ? value : null),
    };
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}

function textOf(
  value: unknown,
  { name, role }: SourceColumn,
): string | null {
  switch (typeof value) {
    case "string":
      return value === "" && role === "id" ? null : value;
    case "bigint":
      return String(value);
    case "number":
      return isNaN(value) ? null : decimalText(value);
    case "boolean":
      if (role === "value") return String(value);
      break;
    default:
      if (value === null || value === undefined) return null;
  }
  throw new RecotemError(
    "datasource_error",
    `Column "${name}" holds ${
      typeof value === "boolean" ? "truth values" : "bytes or lists"
    }, ${
      role === "id" ? "ids must be text or numbers" : "which is not supported"
    }`,
  );
}
