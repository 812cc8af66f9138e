import { assertEquals, assertMatch } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { IdMap } from "../../../core/models/id_map.ts";
import type { ItemTable } from "../../../core/models/item_table.ts";
import type { ItemMetadata } from "../../../core/recipe/recipe.ts";
import { readItemTable } from "../../../train/data/read_item_table.ts";
import {
  localDependencies,
  type RecordedEvent,
  refusal,
  temporaryFile,
} from "./source_files.ts";

const ITEMS = IdMap.from(["1", "02", "x"]).map;

interface Read {
  readonly table: ItemTable;
  readonly path: string;
  /** Events other than those of the fetch. */
  readonly record: readonly RecordedEvent[];
}

async function read(
  content: string | Uint8Array,
  config: Partial<ItemMetadata>,
): Promise<Read> {
  const type = typeof content === "string" ? "csv" : "parquet";
  await using file = await temporaryFile(`items.${type}`, content);
  const { path } = file;
  const dependencies = localDependencies();
  const table = await readItemTable(
    {
      type,
      path,
      sha256: null,
      fields: ["title"],
      on_field_missing: "error",
      item_id_column: "item_id",
      ...config,
    },
    ITEMS,
    dependencies,
  );
  const record = dependencies.record.filter(([, event]) =>
    !event.startsWith("metadata_source_fetch_")
  );
  return { table, path, record };
}

function row({ table }: Read, id: string): Record<string, unknown> {
  return table.row(ITEMS.indexOf(id));
}

Deno.test("readItemTable() reads CSV values as text, whatever they look like", async () => {
  const read_ = await read(
    "price,item_id,title\n1.50,02,NA\n,1,null\ntrue,x,007\n",
    { fields: ["title", "price"] },
  );
  assertEquals(read_.table.fields, ["title", "price"]);
  assertEquals(row(read_, "02"), { title: "NA", price: "1.50" });
  assertEquals(row(read_, "1"), { title: "null", price: "" });
  assertEquals(row(read_, "x"), { title: "007", price: "true" });
  assertEquals(read_.record, [["info", "metadata_loaded", {
    path: read_.path,
    items: 3,
    items_without_row: 0,
    fields: ["title", "price"],
  }]]);
});

Deno.test("readItemTable() drops rows without id, keeps the first of repeats, fills items without a row with null", async () => {
  const read_ = await read(
    "item_id,title\n1,first\n,nobody\n1,second\nunknown,z\n1,third\n",
    {},
  );
  assertEquals(row(read_, "1"), { title: "first" });
  assertEquals(row(read_, "02"), { title: null });
  assertEquals(
    read_.record.map(([level, event, { count }]) => [level, event, count]),
    [
      ["warn", "metadata_null_item_ids_dropped", 1],
      ["warn", "metadata_duplicate_item_ids_dropped", 2],
      ["info", "metadata_loaded", undefined],
    ],
  );
});

Deno.test("readItemTable() refuses a missing field, or fills it with null when asked", async () => {
  const content = "item_id,title\n1,a\n";
  const fields = ["title", "price"];
  const error = await refusal(
    () => read(content, { fields }),
    "datasource_error",
  );
  assertMatch(
    error.message,
    /has no column "price"; it has "item_id", "title"/,
  );
  assertEquals(error.exitCode, 3);

  const read_ = await read(content, { fields, on_field_missing: "null" });
  assertEquals(row(read_, "1"), { title: "a", price: null });
  assertEquals(read_.record[0], [
    "warn",
    "metadata_field_missing_filled_null",
    { path: read_.path, fields: ["price"] },
  ]);
});

Deno.test("readItemTable() refuses a missing id column even when fields may be missing", async () => {
  const error = await refusal(
    () => read("id,title\n1,a\n", { on_field_missing: "null" }),
    "datasource_error",
  );
  assertMatch(error.message, /has no column "item_id"/);
});

Deno.test("readItemTable() answers the id column too when it is a field, and a field once", async () => {
  const read_ = await read("sku,title\n02,a\n", {
    fields: ["sku", "title", "title"],
    item_id_column: "sku",
  });
  assertEquals(read_.table.fields, ["sku", "title"]);
  assertEquals(row(read_, "02"), { sku: "02", title: "a" });
});

Deno.test("readItemTable() refuses a file without rows and a wrong pin", async () => {
  await refusal(() => read("item_id,title\n", {}), "datasource_error");
  await refusal(
    () => read("item_id,title\n1,a\n", { sha256: "0".repeat(64) }),
    "http_fetch_error",
  );
});

Deno.test("readItemTable() keeps Parquet types: numbers, booleans, dates as text, NaN and infinity as null", async () => {
  const bytes = new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: "item_id", data: [1n, 2n], type: "INT64" },
      { name: "price", data: [0.85, NaN], type: "DOUBLE" },
      { name: "top", data: [Infinity, 1], type: "DOUBLE" },
      { name: "stock", data: [7n, null], type: "INT64" },
      { name: "sold", data: [true, false], type: "BOOLEAN" },
      {
        name: "added",
        data: [new Date(Date.UTC(2010, 11, 1, 8, 26)), null],
        type: "TIMESTAMP",
      },
      { name: "title", data: ["", null], type: "STRING" },
    ],
  }));
  const read_ = await read(bytes, {
    fields: ["price", "top", "stock", "sold", "added", "title"],
  });
  assertEquals(row(read_, "1"), {
    price: 0.85,
    top: null,
    stock: 7,
    sold: true,
    added: "2010-12-01T08:26:00.000Z",
    title: "",
  });
  assertEquals(Object.values(row(read_, "x")), Array(6).fill(null));
});

Deno.test("readItemTable() makes a column of integers text when one of them is beyond 2^53, in whatever row group", async () => {
  const bytes = new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: "item_id", data: ["1", "02", "x"], type: "STRING" },
      { name: "code", data: [5n, 2n ** 53n + 1n, null], type: "INT64" },
    ],
    rowGroupSize: 1,
  }));
  const read_ = await read(bytes, { fields: ["code"] });
  assertEquals(row(read_, "1"), { code: "5" });
  assertEquals(row(read_, "02"), { code: "9007199254740993" });
  assertEquals(row(read_, "x"), { code: null });
});

Deno.test("readItemTable() writes days without a time of day", async () => {
  const path = new URL("./testdata/types.parquet", import.meta.url).pathname;
  const { map } = IdMap.from(["5"]);
  const table = await readItemTable(
    {
      type: "parquet",
      path,
      sha256: null,
      fields: ["date", "time_us"],
      on_field_missing: "error",
      item_id_column: "int32",
    },
    map,
    localDependencies(),
  );
  assertEquals(table.row(0), {
    date: "2010-12-01",
    time_us: "2010-12-01T08:26:00.123Z",
  });
});

Deno.test("readItemTable() reads the retail items", async () => {
  const path = new URL("../../../recipes/retail/items.csv", import.meta.url)
    .pathname;
  const { map } = IdMap.from(["10002", "10080"]);
  const table = await readItemTable(
    {
      type: "csv",
      path,
      sha256: null,
      fields: ["title", "price"],
      on_field_missing: "error",
      item_id_column: "item_id",
    },
    map,
    localDependencies(),
  );
  assertEquals(table.row(map.indexOf("10002")), {
    title: "Inflatable Political Globe",
    price: "0.85",
  });
});
