import { assertEquals, assertRejects } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { createDataSource } from "../../../train/data/create_data_source.ts";
import type { DataSource } from "../../../train/data/data_source.ts";
import type { SourceDependencies } from "../../../train/data/source_dependencies.ts";
import {
  compressed,
  ids,
  localDependencies,
  localStore,
  noAbort,
  readAll,
  refusal,
} from "./source_files.ts";

/** A folder of files; gone at the end of the scope. */
async function folderOf(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(`${path}/${name}`, bytes);
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

function csv(
  path: string,
  dependencies: SourceDependencies = localDependencies(),
): DataSource {
  const config = { delimiter: ",", encoding: "utf-8", header: 0, dtype: null };
  return createDataSource(
    { type: "csv", path, sha256: null, ...config },
    dependencies,
  );
}

Deno.test("FilesDataSource reads the files of a pattern in the order of their names, each by its own header and suffix", async () => {
  await using folder = await folderOf({
    "day-2.csv": "item,user\nx,b\ny,c\n",
    "day-1.csv": "user\na\n",
    "day-3.csv.gz": await compressed(
      "gzip",
      new TextEncoder().encode("user\nd\n"),
    ),
    "day-empty.csv": "user\n",
    "month-1.csv": "user\nno\n",
  });
  const source = csv(`${folder.path}/day-*`);
  await source.probe(noAbort());
  assertEquals((await readAll(source, ids("user"))).user, ["a", "b", "c", "d"]);
});

Deno.test("FilesDataSource reads Parquet, and passes over parts without rows", async () => {
  const part = (...data: string[]) =>
    new Uint8Array(parquetWriteBuffer({
      columnData: [{ name: "user", data, type: "STRING" }],
    }));
  await using folder = await folderOf({
    "part-0.parquet": part("a"),
    "part-1.parquet": part(),
    "part-2.parquet": part("b", "c"),
    "_SUCCESS": "",
    ".part-0.parquet.crc": "x",
  });
  const source = createDataSource(
    { type: "parquet", path: `${folder.path}/*`, sha256: null },
    localDependencies(),
  );
  assertEquals((await readAll(source, ids("user"))).user, ["a", "b", "c"]);
});

Deno.test("FilesDataSource refuses a pattern that names nothing, and a column that one file lacks", async () => {
  await using folder = await folderOf({
    "1.csv": "user\na\n",
    "2.csv": "reader\na\n",
  });
  for (const path of [`${folder.path}/*.tsv`, "/nowhere/*.csv"]) {
    const error = await refusal(
      () => csv(path).probe(noAbort()),
      "datasource_error",
    );
    assertEquals(error.message, `${path} names no file that is there`);
  }
  await refusal(
    () => readAll(csv(`${folder.path}/*.csv`), ids("user")),
    "datasource_error",
  );
});

Deno.test("FilesDataSource takes the cap on raw bytes for all files together, before it reads one", async () => {
  await using folder = await folderOf({
    "1.csv": "user\na\n",
    "2.csv": "user\nb\n",
  });
  const path = `${folder.path}/*.csv`;
  const enough = localDependencies({ maxBytes: 14 });
  assertEquals((await readAll(csv(path, enough), ids("user"))).user, [
    "a",
    "b",
  ]);
  const capped = localDependencies({ maxBytes: 13 });
  for (
    const run of [
      () => csv(path, capped).probe(noAbort()),
      () => readAll(csv(path, capped), ids("user")),
    ]
  ) {
    const error = await refusal(run, "datasource_error");
    assertEquals(
      error.message,
      `${path} names files of 14 bytes, more than the 13 that RECOTEM_MAX_DOWNLOAD_BYTES allows`,
    );
  }
  assertEquals(capped.record, []);
});

Deno.test("FilesDataSource stops while files are listed, with the reason of the signal", async () => {
  await using folder = await folderOf({ "1.csv": "user\na\n" });
  const stop = new AbortController();
  const reason = new Error("stop");
  const dependencies = localDependencies({
    store: {
      ...localStore,
      list(prefix, signal) {
        stop.abort(reason);
        return localStore.list(prefix, signal);
      },
    },
  });
  const source = csv(`${folder.path}/*.csv`, dependencies);
  const error = await assertRejects(() => source.probe(stop.signal));
  assertEquals(error, reason);
});

Deno.test("FilesDataSource counts a link as the file that it leads to", async () => {
  await using elsewhere = await folderOf({
    "1.csv": `user\n${"a".repeat(999)}`,
  });
  await using folder = await folderOf({});
  await Deno.symlink(`${elsewhere.path}/1.csv`, `${folder.path}/1.csv`);
  const error = await refusal(
    () =>
      csv(`${folder.path}/*.csv`, localDependencies({ maxBytes: 1003 }))
        .probe(noAbort()),
    "datasource_error",
  );
  assertEquals(/names files of 1004 bytes/.test(error.message), true);
});

Deno.test("FilesDataSource passes over files without a byte, and refuses a pattern that names no others", async () => {
  await using folder = await folderOf({
    "1.csv": "user\na\n",
    "2.csv": "",
    "empty-1.csv": "",
    "empty-2.csv": "",
  });
  const source = csv(`${folder.path}/*.csv`);
  await source.probe(noAbort());
  assertEquals((await readAll(source, ids("user"))).user, ["a"]);
  const path = `${folder.path}/empty-*`;
  const error = await refusal(
    () => csv(path).probe(noAbort()),
    "datasource_error",
  );
  assertEquals(error.message, `${path} names no file but empty ones`);
});

Deno.test("FilesDataSource takes the cap on decompressed bytes for all files together, of either type", async () => {
  const text = `user\n${"a\n".repeat(10_000)}`;
  const table = new Uint8Array(parquetWriteBuffer({
    columnData: [{
      name: "user",
      data: new Array(2500).fill("a"),
      type: "STRING",
    }],
  }));
  await using folder = await folderOf({
    "1.csv.gz": await compressed("gzip", text),
    "2.csv.gz": await compressed("gzip", text),
    "1.parquet": table,
    "2.parquet": table,
  });
  const dependencies = localDependencies({ maxBytes: 1000 });
  const all = (name: string) => {
    const path = `${folder.path}/${name}`;
    return name.endsWith("gz")
      ? csv(path, dependencies)
      : createDataSource({ type: "parquet", path, sha256: null }, dependencies);
  };
  for (const suffix of ["csv.gz", "parquet"]) {
    await readAll(all(`1.${suffix}`), ids("user"));
    const error = await refusal(
      () => readAll(all(`*.${suffix}`), ids("user")),
      "datasource_error",
    );
    assertEquals(
      error.message,
      `${folder.path}/*.${suffix} decompresses to more than the 32000 bytes that are allowed`,
    );
  }
});
