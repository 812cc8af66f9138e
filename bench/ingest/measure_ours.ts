/**
 * One file to the matrix, in this process alone: `measure_ours.ts PATH TIME_UNIT`. Prints seconds and the most memory.
 *
 * @module
 */

import process from "node:process";
import { SILENT } from "../../core/config/events.ts";
import type { SourceConfig } from "../../core/recipe/recipe.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { createDataSource } from "../../train/data/create_data_source.ts";
import { readInteractions } from "../../train/data/read_interactions.ts";
import { peakMegabytes } from "../peak_megabytes.ts";

const [path = ""] = Deno.args;
const config: SourceConfig = path.endsWith(".csv")
  ? {
    type: "csv",
    path,
    delimiter: ",",
    encoding: "utf-8",
    header: 0,
    dtype: null,
    sha256: null,
  }
  : { type: "parquet", path, sha256: null };
const started = performance.now();
const { stats, matrix } = await readInteractions(
  createDataSource(config, {
    store: createStore(),
    events: SILENT,
    maxBytes: 2 ** 32,
  }),
  {
    user_column: "user_id",
    item_column: "item_id",
    time_column: "time",
    time_unit: "s",
  },
  {
    drop_null_ids: true,
    dedup: "keep_last",
    min_rows: null,
    min_users: null,
    min_items: null,
  },
  { events: SILENT, signal: new AbortController().signal },
);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage();
const result = {
  seconds,
  processor: (user + system) / 1e6,
  rows: stats.rows + stats.dropped,
  pairs: matrix.indices.length,
  peak: await peakMegabytes(),
};
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(result)));
