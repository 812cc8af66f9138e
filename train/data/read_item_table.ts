import type { IdMap } from "../../core/models/id_map.ts";
import { type ItemField, ItemTable } from "../../core/models/item_table.ts";
import type { ItemMetadata } from "../../core/recipe/recipe.ts";
import type { Column, DataSource } from "./data_source.ts";
import type { SourceDependencies } from "./source_dependencies.ts";
import { CsvDataSource } from "./sources/csv.ts";
import { ParquetDataSource } from "./sources/parquet.ts";

type Value = string | number | boolean | null;

/**
 * Reads the fields that are answered beside each item, for the items of `items` only.
 *
 * Values of a CSV file are text, also empty ones. Parquet keeps its types: dates become ISO 8601 text, a column of
 * integers beyond ±2⁵³ becomes text, NaN and infinities null. Rows without an id are dropped, of repeated ids the first
 * row counts, items without a row have nulls; each of these is a warning with its count. What is held is the table of
 * the known items and one batch.
 *
 * Throws `datasource_error` for a missing field under `on_field_missing: error`, and all that the source throws.
 */
export async function readItemTable(
  config: ItemMetadata,
  items: IdMap,
  dependencies: SourceDependencies,
  signal: AbortSignal = new AbortController().signal,
): Promise<ItemTable> {
  const { events } = dependencies;
  const { path, item_id_column } = config;
  const fields = [...new Set(config.fields)];
  const others = fields.filter((field) => field !== item_id_column);
  const values = new Map(
    fields.map((field) => [field, new Array<Value>(items.size).fill(null)]),
  );
  const seen = new Uint8Array(items.size);
  const missing = new Set<string>();
  let withoutId = 0;
  let repeated = 0;
  let matched = 0;

  const batches = createSource(config, dependencies).batches(
    [
      { name: item_id_column, role: "id" },
      ...others.map((name) => ({
        name,
        role: "value" as const,
        optional: config.on_field_missing === "null",
      })),
    ],
    signal,
  );
  for await (const batch of batches) {
    const ids = batch.columns.get(item_id_column)!.values;
    const cells = fields.map((field) => {
      const column = batch.columns.get(field);
      if (column === undefined) missing.add(field);
      return { into: values.get(field)!, column };
    });
    for (let i = 0; i < batch.rows; i++) {
      const id = ids[i] as string | null;
      if (id === null) {
        withoutId++;
        continue;
      }
      const item = items.indexOf(id);
      if (item < 0) continue;
      if (seen[item] === 1) {
        repeated++;
        continue;
      }
      seen[item] = 1;
      matched++;
      for (const { into, column } of cells) {
        if (column !== undefined) {
          into[item] = valueOf(column, i, config.type);
        }
      }
    }
  }

  if (withoutId > 0) {
    events.warn("metadata_null_item_ids_dropped", { path, count: withoutId });
  }
  if (repeated > 0) {
    events.warn("metadata_duplicate_item_ids_dropped", {
      path,
      count: repeated,
    });
  }
  if (missing.size > 0) {
    events.warn("metadata_field_missing_filled_null", {
      path,
      fields: [...missing],
    });
  }
  events.info("metadata_loaded", {
    path,
    items: matched,
    items_without_row: items.size - matched,
    fields,
  });
  return ItemTable.from(
    items.size,
    fields.map((name) => itemField(name, values.get(name)!)),
  );
}

function createSource(
  { type, path, sha256 }: ItemMetadata,
  dependencies: SourceDependencies,
): DataSource {
  if (type === "parquet") {
    const config = { type, path, sha256 };
    return new ParquetDataSource(config, dependencies, "metadata_source");
  }
  return new CsvDataSource(
    {
      type,
      path,
      sha256,
      delimiter: ",",
      encoding: "utf-8",
      header: 0,
      dtype: null,
    },
    dependencies,
    "metadata_source",
  );
}

function valueOf(
  column: Column,
  index: number,
  source: ItemMetadata["type"],
): Value {
  switch (column.type) {
    case "text":
      return column.values[index] ?? (source === "csv" ? "" : null);
    case "boolean":
      return column.values[index] ?? null;
    case "number": {
      const number = column.values[index]!;
      return Number.isFinite(number) ? number : null;
    }
    case "time": {
      const date = new Date(column.values[index]!);
      if (isNaN(date.getTime())) return null;
      const text = date.toISOString();
      return column.dateOnly ? text.slice(0, text.indexOf("T")) : text;
    }
  }
}

/** A field has one type: where batches disagree (integers small here and large there) all values become text. */
function itemField(name: string, values: readonly Value[]): ItemField {
  const types = new Set<string>();
  for (const value of values) if (value !== null) types.add(typeof value);
  const [only] = types;
  if (types.size === 1 && (only === "number" || only === "boolean")) {
    return { name, type: only, values };
  }
  return {
    name,
    type: "text",
    values: values.map((value) => value === null ? null : String(value)),
  };
}
