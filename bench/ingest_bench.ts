/**
 * Retail purchases to matrix, from Parquet and from the same rows as CSV, and the CSV reader beside `@std/csv`:
 * `deno bench -A --no-check bench/ingest_bench.ts`.
 *
 * @module
 */

import { parse } from "@std/csv/parse";
import { SILENT } from "../core/config/events.ts";
import type { SourceConfig } from "../core/recipe/recipe.ts";
import { createStore } from "../core/storage/create_store.ts";
import { createDataSource } from "../train/data/create_data_source.ts";
import type { DataSource } from "../train/data/data_source.ts";
import { readInteractions } from "../train/data/read_interactions.ts";

const COLUMNS = ["user_id", "item_id", "timestamp"] as const;
const PARQUET: SourceConfig = {
  type: "parquet",
  path: new URL("../recipes/retail/purchases.parquet", import.meta.url)
    .pathname,
  sha256: null,
};
const { signal } = new AbortController();

function open(config: SourceConfig): DataSource {
  return createDataSource(config, {
    store: createStore(),
    events: SILENT,
    maxBytes: 2 ** 28,
  });
}

async function ingest(config: SourceConfig): Promise<void> {
  const { stats } = await readInteractions(
    open(config),
    {
      user_column: "user_id",
      item_column: "item_id",
      time_column: "timestamp",
      time_unit: null,
    },
    {
      drop_null_ids: true,
      dedup: "keep_last",
      min_rows: null,
      min_users: null,
      min_items: null,
    },
    { events: SILENT, signal },
  );
  if (stats.rows !== 273_840) throw new Error(`${stats.rows} rows`);
}

/** The purchases as CSV, with quoted ids in every tenth row. */
async function toCsv(): Promise<string> {
  const lines: string[] = [COLUMNS.join(",")];
  const columns = [
    { name: "user_id", role: "id" },
    { name: "item_id", role: "id" },
    { name: "timestamp", role: "value" },
  ] as const;
  for await (
    const { rows, columns: batch } of open(PARQUET).batches(columns, signal)
  ) {
    const [users, items, times] = COLUMNS.map((name) =>
      batch.get(name)!.values
    );
    for (let row = 0; row < rows; row++) {
      const quote = row % 10 === 0 ? '"' : "";
      const time = new Date(times![row] as number).toISOString().slice(0, 19);
      lines.push(
        `${quote}${users![row]}${quote},${items![row]},${
          time.replace("T", " ")
        }`,
      );
    }
  }
  return lines.join("\n") + "\n";
}

const text = await toCsv();
const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const path = `${folder}/purchases.csv`;
await Deno.writeTextFile(path, text);
const CSV: SourceConfig = {
  type: "csv",
  path,
  delimiter: ",",
  encoding: "utf-8",
  header: 0,
  dtype: null,
  sha256: null,
};
const size = `${(text.length / 1e6).toFixed(1)} MB`;

Deno.bench(
  "Parquet to matrix, 406,295 rows",
  { n: 10, warmup: 2 },
  async () => await ingest(PARQUET),
);

Deno.bench(
  `CSV to matrix, 406,295 rows, ${size}`,
  { n: 10, warmup: 2 },
  async () => await ingest(CSV),
);

Deno.bench(
  `read ${size} of CSV: CsvDataSource`,
  { group: "csv", n: 10, warmup: 2 },
  async () => {
    let rows = 0;
    const columns = COLUMNS.map((name) => ({ name, role: "id" as const }));
    for await (const batch of open(CSV).batches(columns, signal)) {
      rows += batch.rows;
    }
    if (rows !== 406_295) throw new Error(`${rows} rows`);
  },
);

Deno.bench(
  `read ${size} of CSV: @std/csv parse()`,
  { group: "csv", baseline: true, n: 10, warmup: 2 },
  async () => {
    const rows = parse(await Deno.readTextFile(path), { fieldsPerRecord: 0 });
    if (rows.length !== 406_296) throw new Error(`${rows.length} rows`);
  },
);
