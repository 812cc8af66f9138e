import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import type { Cleansing, ColumnSchema } from "../../../core/recipe/recipe.ts";
import { createDataSource } from "../../../train/data/create_data_source.ts";
import type {
  Column,
  DataSource,
  RowBatch,
} from "../../../train/data/data_source.ts";
import type { Interactions } from "../../../train/data/interactions.ts";
import { readInteractions } from "../../../train/data/read_interactions.ts";
import {
  localDependencies,
  noAbort,
  recordedEvents,
  refusal,
} from "./source_files.ts";

const SCHEMA: ColumnSchema = {
  user_column: "user",
  item_column: "item",
  time_column: null,
  time_unit: null,
};
const TIMED: ColumnSchema = { ...SCHEMA, time_column: "time" };
const CLEANSING: Cleansing = {
  drop_null_ids: true,
  dedup: "keep_last",
  min_rows: null,
  min_users: null,
  min_items: null,
};

type Row = readonly [
  user: string | null,
  item: string | null,
  time?: string | null,
];

/** A source with these rows, in batches of `size`. */
function rowsSource(rows: readonly Row[], size = 2): DataSource {
  return {
    type: "rows",
    probe: () => Promise.resolve(),
    async *batches() {
      for (let at = 0; at < rows.length; at += size) {
        const slice = rows.slice(at, at + size);
        yield await Promise.resolve(batch({
          user: { type: "text", values: slice.map(([user]) => user) },
          item: { type: "text", values: slice.map(([, item]) => item) },
          time: { type: "text", values: slice.map((row) => row[2] ?? null) },
        }));
      }
    },
  };
}

function batch(columns: Readonly<Record<string, Column>>): RowBatch {
  return {
    rows: columns.user!.values.length,
    columns: new Map(Object.entries(columns)),
  };
}

/** A source with one column of times, one row each. */
function timeSource(...times: readonly Column[]): DataSource {
  return {
    type: "rows",
    probe: () => Promise.resolve(),
    async *batches() {
      let row = 0;
      for (const time of times) {
        const ids = Array.from(
          time.values as ArrayLike<unknown>,
          () => `${row++}`,
        );
        yield await Promise.resolve(batch({
          user: { type: "text", values: ids },
          item: { type: "text", values: ids },
          time,
        }));
      }
    },
  };
}

function read(
  rows: readonly Row[] | DataSource,
  cleansing: Partial<Cleansing> = {},
  schema: ColumnSchema = SCHEMA,
): Promise<Interactions> {
  return readInteractions(
    Array.isArray(rows) ? rowsSource(rows) : rows as DataSource,
    schema,
    { ...CLEANSING, ...cleansing },
    { events: recordedEvents().events, signal: noAbort() },
  );
}

/** The matrix as `[user, item, value, time]` rows in its own order. */
function entries({ users, items, matrix, times }: Interactions): unknown[][] {
  const list: unknown[][] = [];
  for (let row = 0; row < matrix.rows; row++) {
    for (let at = matrix.indptr[row]!; at < matrix.indptr[row + 1]!; at++) {
      const entry: unknown[] = [
        users.id(row),
        items.id(matrix.indices[at]!),
        matrix.values[at],
      ];
      if (times !== null) entry.push(times[at]);
      list.push(entry);
    }
  }
  return list;
}

const REPEATS: Row[] = [
  ["b", "y", "2010-01-03"],
  ["a", "z", "2010-01-01"],
  ["b", "y", "2010-01-05"],
  ["b", "x", "2010-01-02"],
  ["b", "y", "2010-01-04"],
];
/** A day of January 2010. */
function day(n: number): number {
  return Date.UTC(2010, 0, n);
}

Deno.test("readInteractions() keeps the last of repeated rows in source order, not in time order", async () => {
  const data = await read(REPEATS, { dedup: "keep_last" }, TIMED);
  assertEquals(entries(data), [
    ["a", "z", 1, day(1)],
    ["b", "x", 1, day(2)],
    ["b", "y", 1, day(4)],
  ]);
  assertEquals(data.stats, {
    rows: 3,
    users: 2,
    items: 3,
    dropped: 2,
    withoutId: 0,
  });
});

Deno.test("readInteractions() keeps the first of repeated rows when asked", async () => {
  const data = await read(REPEATS, { dedup: "keep_first" }, TIMED);
  assertEquals(entries(data)[2], ["b", "y", 1, day(3)]);
  assertEquals(data.stats, {
    rows: 3,
    users: 2,
    items: 3,
    dropped: 2,
    withoutId: 0,
  });
});

Deno.test("readInteractions() counts repeated rows under dedup none, with their earliest time, and keeps the times of the others", async () => {
  const data = await read(REPEATS, { dedup: "none" }, TIMED);
  assertEquals(entries(data)[2], ["b", "y", 3, day(3)]);
  assertEquals(data.repeats, {
    positions: Uint32Array.of(2, 2),
    times: Float64Array.of(day(5), day(4)),
  });
  assertEquals(data.stats, {
    rows: 5,
    users: 2,
    items: 3,
    dropped: 0,
    withoutId: 0,
  });
});

Deno.test("readInteractions() drops rows with a missing id and counts them, before times are parsed", async () => {
  const data = await read(
    [["a", null, "rubbish"], [null, "x"], [null, null], [
      "a",
      "x",
      "2010-01-01",
    ]],
    {},
    TIMED,
  );
  assertEquals(entries(data), [["a", "x", 1, day(1)]]);
  assertEquals(data.stats, {
    rows: 1,
    users: 1,
    items: 1,
    dropped: 3,
    withoutId: 3,
  });
});

Deno.test("readInteractions() refuses a missing id under drop_null_ids: false, with row and column", async () => {
  const error = await refusal(
    () => read([["a", "x"], ["b", "x"], ["c", null]], { drop_null_ids: false }),
    "datasource_error",
  );
  assertEquals(
    error.message,
    'Row 3 has no id in column "item", and cleansing.drop_null_ids is false',
  );
});

Deno.test("readInteractions() refuses a source without rows with exit 3", async () => {
  assertEquals((await refusal(() => read([]), "datasource_error")).exitCode, 3);
});

Deno.test("readInteractions() compares the minimums with what is left", async () => {
  const minimums = { min_rows: 3, min_users: 2, min_items: 3 };
  await read(REPEATS, minimums);
  const error = await refusal(
    () => read(REPEATS, { min_rows: 4, min_users: 2, min_items: 9 }),
    "min_data_violation",
  );
  assertEquals(
    error.message,
    "After cleansing there are 3 rows, fewer than min_rows 4; 3 items, fewer than min_items 9",
  );
  assertEquals(error.details, {
    n_rows: 3,
    n_users: 2,
    n_items: 3,
    min_rows: 4,
    min_users: 2,
    min_items: 9,
  });
  assertEquals(error.exitCode, 4);
  await refusal(() => read([[null, "x"]]), "min_data_violation");
});

Deno.test("readInteractions() sorts users and items by UTF-8 bytes", async () => {
  const ids = ["b", "B", "", "\u{1f600}", "a", "10", "9", "\uffee"].filter(
    Boolean,
  );
  const data = await read(ids.map((id): Row => [id, id]));
  const expected = ["10", "9", "B", "a", "b", "\uffee", "\u{1f600}"];
  assertEquals(expected.map((_, i) => data.users.id(i)), expected);
  assertEquals(expected.map((_, i) => data.items.id(i)), expected);
});

Deno.test("readInteractions() warns once of ids that no request can carry, without naming them", async () => {
  const { events, record } = recordedEvents();
  const long = "x".repeat(257);
  await readInteractions(
    rowsSource([["a", long], [long, "y"], [long, "x".repeat(256)]]),
    SCHEMA,
    CLEANSING,
    { events, signal: noAbort() },
  );
  assertEquals(record, [[
    "warn",
    "ids_longer_than_requests_allow",
    { users: 1, items: 1, limit: 256 },
  ]]);
});

Deno.test("readInteractions() equals a naive count for any rows", async () => {
  const id = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }).map(String) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(id, id), {
        minLength: 1,
        maxLength: 3000,
        size: "max",
      }),
      fc.integer({ min: 1, max: 100 }),
      async (rows, size) => {
        const counts = new Map<string, number>();
        for (const [user, item] of rows) {
          if (user === null || item === null) continue;
          const key = `${user}/${item}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        if (counts.size === 0) return;
        const data = await read(rowsSource(rows, size), { dedup: "none" });
        const { matrix } = data;
        assertEquals(
          new Map(
            entries(data).map(([user, item, n]) => [`${user}/${item}`, n]),
          ),
          counts,
        );
        assertEquals(matrix.indices.length, counts.size);
        for (let row = 0; row < matrix.rows; row++) {
          const columns = [
            ...matrix.indices.subarray(
              matrix.indptr[row],
              matrix.indptr[row + 1],
            ),
          ];
          assertEquals(columns.length > 0, true);
          assertEquals(columns, [...new Set(columns)].sort((a, b) => a - b));
        }
      },
    ),
    { numRuns: 60 },
  );
});

const TIMES: readonly (readonly [text: string, time: number])[] = [
  ["2010-12-01", Date.UTC(2010, 11, 1)],
  ["2010-12-01 08:26:00", Date.UTC(2010, 11, 1, 8, 26)],
  ["2010-12-01T08:26", Date.UTC(2010, 11, 1, 8, 26)],
  ["2010-12-01T08:26:00Z", Date.UTC(2010, 11, 1, 8, 26)],
  [" 2010-12-01T08:26:00+01:30 ", Date.UTC(2010, 11, 1, 6, 56)],
  ["2010-12-01 08:26:00 -0500", Date.UTC(2010, 11, 1, 13, 26)],
  ["2010-12-01 08:26:00+05", Date.UTC(2010, 11, 1, 3, 26)],
  ["2010-12-01T08:26:00.123456789", Date.UTC(2010, 11, 1, 8, 26) + 123.456789],
  ["2012-02-29", Date.UTC(2012, 1, 29)],
  ["1969-12-31T23:59:59.5Z", -500],
];

for (const [text, time] of TIMES) {
  Deno.test(`readInteractions() reads the time "${text}" in UTC`, async () => {
    const data = await read([["a", "x", text]], {}, TIMED);
    assertEquals(data.times, Float64Array.of(time));
  });
}

Deno.test("readInteractions() reads any date as the runtime does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.date({
        min: new Date("1678-01-01"),
        max: new Date("2261-12-31"),
        noInvalidDate: true,
      }),
      fc.constantFrom(10, 16, 19, 23, 24),
      async (date, length) => {
        const text = date.toISOString().slice(0, length);
        const expected = Date.parse(
          length === 16 || length === 19 || length === 23 ? `${text}Z` : text,
        );
        const data = await read([["a", "x", text]], {}, TIMED);
        assertEquals(data.times, Float64Array.of(expected));
      },
    ),
    { numRuns: 500 },
  );
});

const NO_TIMES: readonly (readonly [text: string, ending: string])[] = [
  ["2011-02-29", '"9999-99-99")'],
  ["2010-13-01", '"9999-99-99")'],
  ["2010-12-01 24:00:00", '"9999-99-99 99:99:99")'],
  ["2010-12-01 08:60", '"9999-99-99 99:99")'],
  ["2010-12-01T08:26:00+25:00", '"9999-99-99a99:99:99+99:99")'],
  ["01.12.2010", '"99.99.9999")'],
  ["12/01/2010", '"99/99/9999")'],
  ["gestern um ٣", '"aaaaaaa aa 9")'],
  ["2010-12", '"9999-99")'],
  ["2010-12-01x", '"9999-99-99a")'],
  ["x".repeat(99), `"${"a".repeat(40)}")`],
  ["", "is missing"],
];

for (const [text, ending] of NO_TIMES) {
  Deno.test(`readInteractions() refuses the time "${text}" by row and shape`, async () => {
    const rows: Row[] = [["a", "x", "2010-01-01"], ["b", "secret", text]];
    const error = await refusal(
      () => read(rows, {}, TIMED),
      "time_column_parse_error",
    );
    assertMatch(error.message, /^Time in row 2 of column "time" is /);
    assertEquals(error.message.endsWith(ending), true, error.message);
    assertEquals(error.message.includes("secret"), false);
    assertEquals(error.details, { row: 2 });
    assertEquals(error.exitCode, 4);
  });
}

const UNITS = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const;

for (const [unit, factor] of Object.entries(UNITS)) {
  Deno.test(`readInteractions() reads numeric times in ${unit}, as numbers or as text`, async () => {
    const schema = { ...TIMED, time_unit: unit as keyof typeof UNITS };
    const when = Date.UTC(2010, 11, 1, 8, 26) / 1000;
    const expected = Float64Array.of(when * 1000);
    const number = {
      type: "number",
      values: Float64Array.of(when * factor),
    } as const;
    const text = { type: "text", values: [`${when * factor}`] } as const;
    assertEquals((await read(timeSource(number), {}, schema)).times, expected);
    assertEquals((await read(timeSource(text), {}, schema)).times, expected);
  });
}

Deno.test("readInteractions() needs a unit for numeric times, and ignores it for others", async () => {
  for (
    const column of [
      { type: "number", values: Float64Array.of(1291191960) },
      { type: "text", values: [null, "1291191960"].slice(1) },
    ] as const
  ) {
    const error = await refusal(
      () => read(timeSource(column), {}, TIMED),
      "time_unit_required",
    );
    assertMatch(error.message, /schema\.time_unit/);
    assertEquals(error.exitCode, 4);
  }
  const schema = { ...TIMED, time_unit: "s" } as const;
  const time = {
    type: "time",
    values: Float64Array.of(day(1)),
    dateOnly: true,
  } as const;
  assertEquals(
    (await read(timeSource(time), {}, schema)).times,
    Float64Array.of(day(1)),
  );
  assertEquals(
    (await read([["a", "x", "2010-01-01"]], {}, schema)).times,
    Float64Array.of(day(1)),
  );
});

Deno.test("readInteractions() refuses times out of range, missing, of mixed kinds or of no kind", async () => {
  const schema = { ...TIMED, time_unit: "s" } as const;
  const cases: [Column, RegExp][] = [
    [
      { type: "number", values: Float64Array.of(1, 1291191960000) },
      /row 2 .* outside the years/,
    ],
    [{ type: "number", values: Float64Array.of(1, NaN) }, /row 2 .* missing/],
    [
      { type: "text", values: ["1291191960", "2010-12-01"] },
      /row 2 .* not a number .*"9999-99-99"/,
    ],
    [{ type: "boolean", values: [true] }, /row 1 .* is not a time/],
  ];
  for (const [column, message] of cases) {
    const error = await refusal(
      () => read(timeSource(column), {}, schema),
      "time_column_parse_error",
    );
    assertMatch(error.message, message);
  }
});

Deno.test("readInteractions() reads the retail purchases to their known size", async () => {
  const path =
    new URL("../../../recipes/retail/purchases.parquet", import.meta.url)
      .pathname;
  const source = createDataSource(
    { type: "parquet", path, sha256: null },
    localDependencies(),
  );
  const data = await read(source, {}, {
    user_column: "user_id",
    item_column: "item_id",
    time_column: "timestamp",
    time_unit: null,
  });
  assertEquals(data.stats, {
    rows: 273_840,
    users: 4285,
    items: 4006,
    dropped: 406_295 - 273_840,
    withoutId: 0,
  });
  assertEquals(data.matrix.rows, 4285);
  assertEquals(data.matrix.cols, 4006);
  assertEquals(data.matrix.values.every((value) => value === 1), true);
  const times = data.times!;
  const [earliest, latest] = times.reduce(
    ([low, high], time) => [Math.min(low!, time), Math.max(high!, time)],
    [Infinity, -Infinity],
  );
  assertEquals(new Date(earliest!).toISOString().slice(0, 7), "2009-12");
  assertEquals(new Date(latest!).toISOString().slice(0, 7), "2010-12");
});
