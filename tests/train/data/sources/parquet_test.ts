import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { RecotemError } from "../../../../core/errors.ts";
import type { Column } from "../../../../train/data/data_source.ts";
import { ParquetDataSource } from "../../../../train/data/sources/parquet.ts";
import { testFileSource } from "../file_source_contract.ts";
import {
  compressed,
  ids,
  localDependencies,
  localStore,
  noAbort,
  readAll,
  refusal,
  temporaryFile,
  values,
} from "../source_files.ts";

type ColumnData = Parameters<typeof parquetWriteBuffer>[0]["columnData"];

function toParquet(
  columnData: ColumnData,
  options: { rowGroupSize?: number } = {},
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
}

testFileSource({
  type: "parquet",
  store: (table) =>
    temporaryFile(
      "table.parquet",
      toParquet(
        Object.entries(table).map(([name, data]) => ({
          name,
          data: [...data],
          type: "STRING" as const,
          nullable: true,
        })),
      ),
    ),
  open: (path, dependencies, sha256) =>
    new ParquetDataSource(
      { type: "parquet", path, sha256: sha256 ?? null },
      dependencies,
    ),
});

/** Path of a file that another writer made. */
function golden(name: string): string {
  return new URL(`../testdata/${name}.parquet`, import.meta.url).pathname;
}

function open(path: string, dependencies = localDependencies()) {
  return new ParquetDataSource(
    { type: "parquet", path, sha256: null },
    dependencies,
  );
}

async function column(
  name: string,
  role: "id" | "value",
  file = "types",
): Promise<Column> {
  for await (
    const batch of open(golden(file)).batches([{ name, role }], noAbort())
  ) {
    const found = batch.columns.get(name)!;
    return found.type === "text"
      ? { type: "text", values: found.values }
      : found;
  }
  throw new Error("no batch");
}

const IDS: Readonly<Record<string, readonly (string | null)[]>> = {
  text: ["007", null, null],
  category: ["a", null, "a"],
  int32: ["5", null, "-7"],
  int64: ["5", null, "-7"],
  large: ["9007199254740993", null, "1"],
  uint32: ["4294967295", null, "0"],
  uint64: ["18446744073709551615", null, "0"],
  float64: ["13085", null, null],
  float32: ["0.5", null, "-0.00000010000000116860974"],
  huge: ["1000000000000000000000", null, "Infinity"],
  decimal: ["123.45", null, "-0.1"],
  uuid: [
    "00000000-0000-0000-0000-000000000001",
    null,
    "00000000-0000-0000-0000-000000000002",
  ],
};

for (const [name, expected] of Object.entries(IDS)) {
  Deno.test(`ParquetDataSource reads ids of a ${name} column as plain text`, async () => {
    assertEquals(await column(name, "id"), { type: "text", values: expected });
  });
}

const WHEN = Date.UTC(2010, 11, 1, 8, 26);
const VALUES: Readonly<Record<string, Column>> = {
  text: { type: "text", values: ["007", "", null] },
  int32: { type: "number", values: Float64Array.of(5, NaN, -7) },
  int64: { type: "number", values: Float64Array.of(5, NaN, -7) },
  large: { type: "text", values: ["9007199254740993", null, "1"] },
  uint32: { type: "number", values: Float64Array.of(2 ** 32 - 1, NaN, 0) },
  uint64: { type: "text", values: ["18446744073709551615", null, "0"] },
  float64: { type: "number", values: Float64Array.of(13085, NaN, NaN) },
  decimal: { type: "number", values: Float64Array.of(123.45, NaN, -0.1) },
  boolean: { type: "boolean", values: [true, null, false] },
  date: {
    type: "time",
    values: Float64Array.of(Date.UTC(2010, 11, 1), NaN, Date.UTC(1969, 11, 31)),
    dateOnly: true,
  },
  time_s: time(WHEN),
  time_ms: time(WHEN + 123),
  time_us: time(WHEN + 123.456),
  time_ns: time(WHEN + 123.456),
};

function time(when: number): Column {
  return {
    type: "time",
    values: Float64Array.of(when, NaN, when),
    dateOnly: false,
  };
}

for (const [name, expected] of Object.entries(VALUES)) {
  Deno.test(`ParquetDataSource keeps the type of a ${name} column`, async () => {
    assertEquals(await column(name, "value"), expected);
  });
}

Deno.test("ParquetDataSource reads times of 96 bits", async () => {
  assertEquals(await column("time_ns", "value", "int96"), time(WHEN + 123.456));
});

Deno.test("ParquetDataSource refuses types that have no form here, by name", async () => {
  for (const name of ["boolean", "date", "time_us", "bytes"]) {
    const error = await refusal(() => column(name, "id"), "datasource_error");
    assertMatch(error.message, /ids must be text or numbers$/);
  }
  for (const name of ["time_of_day", "bytes"]) {
    const error = await refusal(
      () => column(name, "value"),
      "datasource_error",
    );
    assertMatch(error.message, /which is not supported$/);
  }
  for (const name of ["list", "struct"]) {
    const error = await refusal(
      () => column(name, "value"),
      "datasource_error",
    );
    assertMatch(error.message, new RegExp(`^Column "${name}" .* is nested`));
  }
});

Deno.test("ParquetDataSource refuses ids that are not UTF-8", async () => {
  await refusal(() => column("user", "id", "not_utf8"), "datasource_error");
});

for (const codec of ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]) {
  Deno.test(`ParquetDataSource reads ${codec} pages of both versions, a batch per row group`, async () => {
    for (const version of ["1", "2"]) {
      const source = open(golden(`${codec}_${version}`));
      const rows: number[] = [];
      for await (
        const batch of source.batches(ids("user", "item"), noAbort())
      ) {
        rows.push(batch.rows);
      }
      assertEquals(rows, [400, 400, 200]);
      assertEquals(await readAll(source, ids("item", "user")), {
        item: Array.from({ length: 1000 }, (_, i) => `${i % 11}`),
        user: Array.from({ length: 1000 }, (_, i) => `u${i % 7}`),
      });
    }
  });
}

Deno.test("ParquetDataSource reads only the chunks of wanted columns, each once", async () => {
  const read: number[] = [];
  const dependencies = localDependencies({
    store: {
      ...localStore,
      read(uri, options) {
        read.push((options?.end ?? 0) - (options?.start ?? 0));
        return localStore.read(uri, options);
      },
    },
  });
  await readAll(open(golden("none_1"), dependencies), ids("user"));
  assertEquals(read.length, 4);
  const { size } = await Deno.stat(golden("none_1"));
  // The footer read takes in all of so small a file; the three chunks of "user" are a fraction of it.
  assertEquals(read[0], size);
  assert(read.slice(1).reduce((a, b) => a + b) < size / 4);
});

Deno.test("ParquetDataSource asks for the next chunks before it has the first, and for few at once", async () => {
  const bytes = toParquet([
    {
      name: "user",
      data: Array.from({ length: 80 }, (_, i) => `u${i}`),
      type: "STRING",
    },
  ], { rowGroupSize: 10 });
  await using file = await temporaryFile("t.parquet", bytes);
  let reading = 0;
  let most = 0;
  const dependencies = localDependencies({
    store: {
      ...localStore,
      async read(uri, options) {
        most = Math.max(most, ++reading);
        const stream = await localStore.read(uri, options);
        return stream.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            flush() {
              reading--;
            },
          }),
        );
      },
    },
  });
  const all = await readAll(open(file.path, dependencies), ids("user"));
  assertEquals(all.user, Array.from({ length: 80 }, (_, i) => `u${i}`));
  assertEquals(most, 4);
});

Deno.test("ParquetDataSource reads row groups in which every id is missing", async () => {
  for (const encoding of ["PLAIN", "RLE_DICTIONARY"] as const) {
    const bytes = toParquet([
      {
        name: "user",
        data: [null, null, "a", null],
        type: "STRING",
        nullable: true,
        encoding,
      },
    ], { rowGroupSize: 2 });
    await using file = await temporaryFile("t.parquet", bytes);
    const all = await readAll(open(file.path), ids("user"));
    assertEquals(all.user, [null, null, "a", null]);
  }
});

Deno.test("ParquetDataSource reads a file that is compressed as a whole, under the cap for raw bytes", async () => {
  const bytes = toParquet([{
    name: "user",
    data: Array.from({ length: 20_000 }, () => "same"),
    type: "STRING",
    encoding: "PLAIN",
  }]);
  await using file = await temporaryFile(
    "t.parquet.gz",
    await compressed("gzip", bytes),
  );
  const all = await readAll(open(file.path), ids("user"));
  assertEquals(all.user!.length, 20_000);
  const maxBytes = bytes.length - 1;
  const capped = open(file.path, localDependencies({ maxBytes }));
  await refusal(() => readAll(capped, ids("user")), "datasource_error");
});

Deno.test("ParquetDataSource refuses a cut-off file and a file of another kind in one line", async () => {
  const bytes = await Deno.readFile(golden("zstd_1"));
  for (
    const part of [
      bytes.subarray(0, bytes.length - 1),
      bytes.subarray(0, bytes.length >> 1),
      bytes.subarray(0, 5),
      bytes.subarray(1),
      new Uint8Array(0),
      new TextEncoder().encode("user,item\n1,2\n"),
    ]
  ) {
    await using file = await temporaryFile("t.parquet", part);
    const error = await refusal(
      () => readAll(open(file.path), ids("user", "item")),
      "datasource_error",
    );
    assertMatch(error.message, /t\.parquet/);
    assertEquals(error.exitCode, 3);
  }
});

Deno.test("ParquetDataSource compares page checksums", async () => {
  const bytes = await Deno.readFile(golden("none_1"));
  // Deep in the first chunk of "item", whose 400 plain values fill the first kilobytes.
  bytes[1500]! ^= 1;
  await using file = await temporaryFile("t.parquet", bytes);
  const error = await refusal(
    () => readAll(open(file.path), ids("user", "item")),
    "datasource_error",
  );
  assertMatch(error.message, /does not match its checksum/);
});

Deno.test("ParquetDataSource believes no size: more rows than the cap allows are refused before they are decoded", async () => {
  const bytes = toParquet([{
    name: "user",
    data: new Int32Array(2 ** 20),
    type: "INT32",
  }]);
  const maxBytes = 2 ** 17;
  assert(bytes.length < maxBytes);
  await using file = await temporaryFile("t.parquet", bytes);
  const source = open(file.path, localDependencies({ maxBytes }));
  const error = await refusal(
    () => readAll(source, ids("user")),
    "datasource_error",
  );
  assertMatch(error.message, /decompresses to more than the 4194304 bytes/);
});

Deno.test("ParquetDataSource survives any changed byte: it reads rows or refuses with exit 3", async () => {
  const original = await Deno.readFile(golden("zstd_1"));
  await using file = await temporaryFile("t.parquet", original);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ at: fc.nat(original.length - 1), to: fc.nat(255) }),
        { minLength: 1, maxLength: 3 },
      ),
      async (changes) => {
        const bytes = original.slice();
        for (const { at, to } of changes) bytes[at] = to;
        await Deno.writeFile(file.path, bytes);
        try {
          await readAll(open(file.path), [...ids("user"), ...values("item")]);
        } catch (error) {
          if (!(error instanceof RecotemError)) throw error;
          assertEquals(error.code, "datasource_error");
        }
      },
    ),
    { numRuns: 300 },
  );
});
