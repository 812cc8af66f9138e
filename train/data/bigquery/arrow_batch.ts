import { type Table, tableFromIPC } from "@uwdata/flechette";
import type { Column, SourceColumn } from "../data_source.ts";
import { valueColumn } from "../value_column.ts";
import type { FieldKind } from "./field_kind.ts";
import type { ArrowPart } from "./storage_reader.ts";

/** Reads a part of a table: whole numbers and decimals exactly, times as milliseconds. */
export function arrowTable({ schema, batch }: ArrowPart): Table {
  return tableFromIPC([schema, batch], {
    useBigInt: true,
    useDecimalInt: true,
    useDate: false,
  });
}

/** One column of a part as a {@linkcode Column}. */
export function arrowColumn(
  table: Table,
  column: SourceColumn,
  kind: FieldKind,
): Column {
  const child = table.getChild(column.name);
  const cells = Array.from(child as Iterable<unknown>);
  switch (kind) {
    case "date":
    case "datetime":
    case "timestamp":
      return {
        type: "time",
        values: Float64Array.from(
          cells,
          (cell) => cell === null || cell === undefined ? NaN : Number(cell),
        ),
        dateOnly: kind === "date",
      };
    case "decimal": {
      const { scale } = child.type as unknown as { readonly scale: number };
      const texts = cells.map((cell) =>
        typeof cell === "bigint" ? scaled(cell, scale) : null
      );
      return valueColumn(
        column,
        column.role === "id"
          ? texts
          : texts.map((text) => text === null ? null : Number(text)),
      );
    }
    default:
      return valueColumn(column, cells);
  }
}

/** A whole number divided by a power of ten, in as many digits as it takes: 12500 and 3 make 12.5. */
function scaled(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const rest = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${whole}${rest === "" ? "" : `.${rest}`}`;
}
