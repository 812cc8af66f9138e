import process from "node:process";
import { SILENT } from "../../core/config/events.ts";
import type { SourceConfig } from "../../core/recipe/recipe.ts";
import { storesFromEnv } from "../../core/storage/stores_from_env.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { createDataSource } from "../../train/data/create_data_source.ts";
import { readInteractions } from "../../train/data/read_interactions.ts";
import { peakMegabytes } from "../peak_megabytes.ts";
import type { Cost } from "./fastest.ts";

/** What reading a source took. */
export interface Reading extends Cost {
  /** Rows of the source. */
  readonly rows: number;
  /** Distinct (user, item) pairs. */
  readonly pairs: number;
}

/**
 * Reads the columns `user_id`, `item_id` and `time`, if a number in seconds, of a source to the matrix, the last row of
 * each pair kept. Files may be large; stores and databases are reached by this process's variables.
 */
export async function measureReading(config: SourceConfig): Promise<Reading> {
  const started = performance.now();
  const source = createDataSource(config, {
    store: createStore(
      storesFromEnv(Deno.env, { maxDownloadBytes: 2 ** 32, events: SILENT }),
    ),
    events: SILENT,
    maxBytes: 2 ** 32,
    env: new Map(Object.entries(Deno.env.toObject())),
    plugins: new Map(),
  });
  const { stats, matrix } = await readInteractions(
    source,
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
  return {
    seconds,
    processor: (user + system) / 1e6,
    rows: stats.rows + stats.dropped,
    pairs: matrix.indices.length,
    peak: await peakMegabytes(),
  };
}
