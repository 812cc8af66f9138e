import { RecotemError } from "../../../core/errors.ts";
import type { SourceColumn } from "../data_source.ts";
import type { BigQueryField } from "./bigquery_api.ts";

/** What the values of a column are. */
export type FieldKind =
  | "text"
  | "integer"
  | "float"
  | "decimal"
  | "boolean"
  | "date"
  | "datetime"
  | "timestamp";

const KINDS: Readonly<Record<string, FieldKind>> = {
  STRING: "text",
  INTEGER: "integer",
  INT64: "integer",
  FLOAT: "float",
  FLOAT64: "float",
  NUMERIC: "decimal",
  BIGNUMERIC: "decimal",
  BOOLEAN: "boolean",
  BOOL: "boolean",
  DATE: "date",
  DATETIME: "datetime",
  TIMESTAMP: "timestamp",
};

const ID_KINDS: readonly FieldKind[] = ["text", "integer", "float", "decimal"];

/**
 * What a field holds for a column.
 *
 * @throws {RecotemError} `datasource_error` for a type that is no id, or not supported.
 */
export function fieldKind(
  { name, type, mode }: BigQueryField,
  { role }: SourceColumn,
): FieldKind {
  const kind = mode === "REPEATED" ? undefined : KINDS[type.toUpperCase()];
  if (kind !== undefined && (role === "value" || ID_KINDS.includes(kind))) {
    return kind;
  }
  throw new RecotemError(
    "datasource_error",
    `Column "${name}" of the query's answer holds ${
      mode === "REPEATED" ? "lists" : type
    }, ${
      role === "id" ? "ids must be text or numbers" : "which is not supported"
    }: cast it to STRING in the query`,
  );
}
