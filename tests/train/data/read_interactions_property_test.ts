import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { SILENT } from "../../../core/config/events.ts";
import { RecotemError } from "../../../core/errors.ts";
import type { Cleansing } from "../../../core/recipe/recipe.ts";
import type { Store } from "../../../core/storage/store.ts";
import { createDataSource } from "../../../train/data/create_data_source.ts";
import type { Column, DataSource } from "../../../train/data/data_source.ts";
import { EncodedTextColumn } from "../../../train/data/encoded_text_column.ts";
import type { Interactions } from "../../../train/data/interactions.ts";
import { readInteractions } from "../../../train/data/read_interactions.ts";
import { TextBuilder } from "../../../train/data/text_builder.ts";
import { TextCache } from "../../../train/data/text_cache.ts";
import {
  type OracleRow,
  type PlainInteractions,
  plainInteractions,
} from "./interactions_oracle.ts";
import { localDependencies, noAbort } from "./source_files.ts";

/** A row as a source holds it, and its time. */
interface Row {
  readonly user: string | null;
  readonly item: string | null;
  readonly text: string;
  readonly time: number;
}

const MOMENT = Date.UTC(2010, 11, 1, 8, 26);
const TIMES: readonly (readonly [text: string, time: number])[] = [
  ["2010-12-01 08:26:00", MOMENT],
  ["2010-12-01T08:26:00Z", MOMENT],
  ["2010-12-02", Date.UTC(2010, 11, 2)],
  ["2010-12-01T08:26:00.5+01:00", MOMENT + 500 - 3_600_000],
  ["1969-12-31 23:59:59", -1000],
  [" 2012-02-29 08:26 ", Date.UTC(2012, 1, 29, 8, 26)],
];
const BAD_TIMES = ["2010-02-29", "2010-12-01 24:00:00", "01.12.2010"];

/** Ids of every length around the sizes at which they are kept apart differently, with repeats. */
const id = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 }).map(String) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...["007", "0", "-5", "9999999", "10000000", "12345678901234567890"],
      ...["elevenbytes", "twelve_bytes", "twelve_bytew", "a", "ab", "a\0"],
      ...['say "hi"', "x\ny", "a,b", " a ", "é", "日本語日本語", "\u{1f600}"],
      // Two that have the same hash.
      ...["aaaabbbbcccc", "aaaaaf8bz0vb"],
      ...["\uffee", "x".repeat(70), `${"x".repeat(69)}y`],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 5 })
      .filter((text) => !text.includes("\r")),
  },
);
const row = fc.record({
  user: id,
  item: id,
  time: fc.constantFrom(...TIMES),
}).map(({ user, item, time: [text, time] }): Row => ({
  user,
  item,
  text,
  time,
}));
const table = fc.tuple(
  fc.array(row, { minLength: 1, maxLength: 400, size: "max" }),
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        at: fc.nat(),
        text: fc.constantFrom(...BAD_TIMES),
      }),
    },
  ),
).map(([rows, bad]): Row[] => {
  if (bad === null) return rows;
  const at = bad.at % rows.length;
  return rows.with(at, { ...rows[at]!, text: bad.text, time: NaN });
});
const cleansing = fc.record({
  dedup: fc.constantFrom("keep_first", "keep_last", "none"),
  drop_null_ids: fc.constantFrom(true, true, true, false),
});

async function read(
  source: DataSource,
  options: Pick<Cleansing, "dedup" | "drop_null_ids">,
): Promise<Interactions> {
  return await readInteractions(
    source,
    {
      user_column: "user",
      item_column: "item",
      time_column: "time",
      time_unit: null,
    },
    { ...options, min_rows: null, min_users: null, min_items: null },
    { events: SILENT, signal: noAbort() },
  );
}

function plain(data: Interactions): PlainInteractions {
  const { users, items, matrix, times, repeats, stats } = data;
  return {
    users: Array.from({ length: users.size }, (_, i) => users.id(i)),
    items: Array.from({ length: items.size }, (_, i) => items.id(i)),
    indptr: [...matrix.indptr],
    indices: [...matrix.indices],
    values: [...matrix.values],
    times: [...times!],
    repeats: repeats === null
      ? null
      : { positions: [...repeats.positions], times: [...repeats.times] },
    stats: { ...stats },
  };
}

/** A store whose only file has these bytes. */
function storeOf(bytes: Uint8Array<ArrayBuffer>): Store {
  return {
    ...localDependencies().store,
    stat: () => Promise.resolve({ marker: "", size: bytes.length }),
    read: (_, { start = 0, end = bytes.length } = {}) =>
      Promise.resolve(ReadableStream.from([bytes.slice(start, end)])),
  };
}

function csvSource(rows: readonly Row[], quoteAll: boolean): DataSource {
  const cell = (text: string | null) =>
    text === null
      ? ""
      : quoteAll || /[",\n]/.test(text)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const lines = rows.map(({ user, item, text }) =>
    [item, text, user].map(cell).join(",")
  );
  const text = ["item,time,user", ...lines, ""]
    .join(quoteAll ? "\r\n" : "\n");
  return createDataSource({
    type: "csv",
    path: "t.csv",
    delimiter: ",",
    encoding: "utf-8",
    header: 0,
    dtype: null,
    sha256: null,
  }, localDependencies({ store: storeOf(new TextEncoder().encode(text)) }));
}

function parquetSource(
  rows: readonly Row[],
  encoding: "PLAIN" | "RLE_DICTIONARY",
): DataSource {
  const column = (name: "user" | "item" | "text") => ({
    name: name === "text" ? "time" : name,
    data: rows.map((row) => row[name]),
    type: "STRING" as const,
    nullable: true,
    encoding,
  });
  const bytes = new Uint8Array(parquetWriteBuffer({
    columnData: [column("user"), column("item"), column("text")],
    rowGroupSize: 100,
    pageSize: 200,
  }));
  return createDataSource(
    { type: "parquet", path: "t.parquet", sha256: null },
    localDependencies({ store: storeOf(bytes) }),
  );
}

/** Text columns of strings, as plugins deliver them. */
function stringSource(rows: readonly Row[]): DataSource {
  return {
    type: "strings",
    probe: () => Promise.resolve(),
    async *batches() {
      for (let at = 0; at < rows.length; at += 7) {
        const some = rows.slice(at, at + 7);
        const column = (name: "user" | "item" | "text") => ({
          type: "text" as const,
          values: some.map((row) => row[name]),
        });
        yield await Promise.resolve({
          rows: some.length,
          columns: new Map([
            ["user", column("user")],
            ["item", column("item")],
            ["time", column("text")],
          ]),
        });
      }
    },
  };
}

const SOURCES: Readonly<Record<string, (rows: readonly Row[]) => DataSource>> =
  {
    strings: stringSource,
    CSV: (rows) => csvSource(rows, false),
    "quoted CSV with CR LF": (rows) => csvSource(rows, true),
    "plain Parquet": (rows) => parquetSource(rows, "PLAIN"),
    "Parquet with dictionaries": (rows) =>
      parquetSource(rows, "RLE_DICTIONARY"),
  };

for (const [name, open] of Object.entries(SOURCES)) {
  Deno.test(`readInteractions() makes of ${name} what reading row by row does, errors included`, async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        cleansing,
        async (rows, options) => {
          const oracle: OracleRow[] = rows.map((
            { user, item, time },
          ) => [user, item, time]);
          if (rows.every(({ user, item }) => user === null || item === null)) {
            return;
          }
          let expected: PlainInteractions | string;
          try {
            expected = plainInteractions(oracle, options);
          } catch (error) {
            expected = (error as Error).message;
          }
          try {
            const data = await read(open(rows), options);
            assertEquals(plain(data), expected);
          } catch (error) {
            if (!(error instanceof RecotemError)) throw error;
            assertEquals(error.message.startsWith(`${expected} `), true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
}

// So many rows that repeats are merged on the way, twice.
const BATCHES = 36;
const BATCH_ROWS = 2 ** 18;

for (const dedup of ["keep_first", "keep_last", "none"] as const) {
  Deno.test(`readInteractions() makes the same of millions of repeats, which it merges on the way, under dedup ${dedup}`, async () => {
    const timed = dedup !== "none";
    const texts = new TextBuilder();
    for (let id = 10; id < 100; id++) texts.addInteger(id);
    const ids = texts.take();
    const pairOf = (i: number) => [i % 90, (i >> 3) % 50] as const;
    const column = (side: 0 | 1) =>
      new EncodedTextColumn({
        ...ids,
        codes: Int32Array.from(
          { length: BATCH_ROWS },
          (_, i) => pairOf(i)[side],
        ),
      }, new TextCache());
    const [users, items] = [column(0), column(1)];
    const { matrix, times } = await readInteractions(
      {
        type: "many",
        probe: () => Promise.resolve(),
        async *batches() {
          for (let batch = 0; batch < BATCHES; batch++) {
            const values = Float64Array.from(
              { length: BATCH_ROWS },
              (_, i) => batch * BATCH_ROWS + i,
            );
            yield await Promise.resolve({
              rows: BATCH_ROWS,
              columns: new Map<string, Column>([
                ["user", users],
                ["item", items],
                ["time", { type: "time", values, dateOnly: false }],
              ]),
            });
          }
        },
      },
      {
        user_column: "user",
        item_column: "item",
        time_column: timed ? "time" : null,
        time_unit: null,
      },
      {
        dedup,
        drop_null_ids: true,
        min_rows: null,
        min_users: null,
        min_items: null,
      },
      { events: SILENT, signal: noAbort() },
    );
    const first = new Float64Array(90 * 50).fill(NaN);
    const last = new Float64Array(90 * 50).fill(NaN);
    const counts = new Float32Array(90 * 50);
    for (let i = 0; i < BATCH_ROWS; i++) {
      const [user, item] = pairOf(i);
      const at = user * 50 + item;
      if (counts[at] === 0) first[at] = i;
      last[at] = (BATCHES - 1) * BATCH_ROWS + i;
      counts[at]! += BATCHES;
    }
    const present = (_: number, at: number) => counts[at]! > 0;
    assertEquals(
      matrix.values,
      counts.filter(present).map((n) => dedup === "none" ? n : 1),
    );
    const expected = dedup === "keep_first" ? first : last;
    assertEquals(times, timed ? expected.filter(present) : null);
  });
}
