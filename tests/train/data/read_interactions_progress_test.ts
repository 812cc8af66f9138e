import { assertEquals } from "@std/assert";
import type { DataSource } from "../../../train/data/data_source.ts";
import { EncodedTextColumn } from "../../../train/data/encoded_text_column.ts";
import { readInteractions } from "../../../train/data/read_interactions.ts";
import { TextBuilder } from "../../../train/data/text_builder.ts";
import { TextCache } from "../../../train/data/text_cache.ts";
import { noAbort, recordedEvents } from "./source_files.ts";

Deno.test("readInteractions() tells how many rows there have been, every million of them", async () => {
  const rows = 2 ** 19;
  const builder = new TextBuilder();
  builder.add(Uint8Array.of(97), 0, 1);
  const column = new EncodedTextColumn(
    builder.take(new Int32Array(rows)),
    new TextCache(),
  );
  const source: DataSource = {
    type: "rows",
    probe: () => Promise.resolve(),
    async *batches() {
      for (let batch = 0; batch < 5; batch++) {
        const columns = new Map([["user", column], ["item", column]]);
        yield await Promise.resolve({ rows, columns });
      }
    },
  };
  const { events, record } = recordedEvents();
  const { stats } = await readInteractions(
    source,
    {
      user_column: "user",
      item_column: "item",
      time_column: null,
      time_unit: null,
    },
    {
      drop_null_ids: true,
      dedup: "keep_last",
      min_rows: null,
      min_users: null,
      min_items: null,
    },
    { events, signal: noAbort() },
  );
  assertEquals([stats.rows, stats.dropped], [1, 5 * rows - 1]);
  assertEquals(record, [
    ["debug", "rows_read", { rows: 2 * rows }],
    ["debug", "rows_read", { rows: 4 * rows }],
  ]);
});
