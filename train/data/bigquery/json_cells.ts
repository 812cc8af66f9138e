import type { Column, SourceColumn } from "../data_source.ts";
import { valueColumn } from "../value_column.ts";
import type { FieldKind } from "./field_kind.ts";

/** The cells of a column as BigQuery writes them in JSON, all of them texts or null, as a {@linkcode Column}. */
export function jsonColumn(
  column: SourceColumn,
  kind: FieldKind,
  cells: readonly unknown[],
): Column {
  if (kind === "date" || kind === "datetime" || kind === "timestamp") {
    return {
      type: "time",
      values: Float64Array.from(
        cells,
        (cell) => cell === null ? NaN : time(String(cell), kind),
      ),
      dateOnly: kind === "date",
    };
  }
  return valueColumn(
    column,
    cells.map((cell) =>
      cell === null ? null : read(String(cell), kind, column)
    ),
  );
}

function time(cell: string, kind: FieldKind): number {
  if (kind === "timestamp") return Number(cell) / 1000;
  return Date.parse(kind === "date" ? `${cell}T00:00:00Z` : `${cell}Z`);
}

function read(cell: string, kind: FieldKind, { role }: SourceColumn): unknown {
  switch (kind) {
    case "integer":
      return BigInt(cell);
    case "float":
      return Number(cell);
    case "decimal":
      return role === "id"
        ? cell.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")
        : Number(cell);
    case "boolean":
      return cell === "true";
    default:
      return cell;
  }
}
