import { RecotemError } from "../../core/errors.ts";
import type { SourceColumn } from "./data_source.ts";

/**
 * Position in `available` of each wanted column; an optional one that is missing is left out.
 *
 * Throws `datasource_error` when a column is missing or its name stands there twice; the message names up to ten
 * columns that there are.
 */
export function resolveColumns(
  path: string,
  wanted: readonly SourceColumn[],
  available: readonly string[],
): { column: SourceColumn; index: number }[] {
  const found: { column: SourceColumn; index: number }[] = [];
  for (const column of wanted) {
    const index = available.indexOf(column.name);
    if (index < 0) {
      if (column.optional) continue;
      throw new RecotemError(
        "datasource_error",
        `${path} has no column "${column.name}"; it has ${list(available)}`,
      );
    }
    if (available.lastIndexOf(column.name) !== index) {
      throw new RecotemError(
        "datasource_error",
        `${path} has two columns "${column.name}"; names must differ`,
      );
    }
    found.push({ column, index });
  }
  return found;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `"${name}"`).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
