import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { createHash } from "node:crypto";
import { IdMap } from "../../../../core/models/id_map.ts";
import { createStore } from "../../../../core/storage/create_store.ts";
import { HttpStore } from "../../../../core/storage/http_store.ts";
import { readItemTable } from "../../../../train/data/read_item_table.ts";
import type { SourceDependencies } from "../../../../train/data/source_dependencies.ts";
import { CsvDataSource } from "../../../../train/data/sources/csv.ts";
import { ParquetDataSource } from "../../../../train/data/sources/parquet.ts";
import {
  compressed,
  ids,
  noAbort,
  readAll,
  type RecordedEvent,
  recordedEvents,
  refusal,
} from "../source_files.ts";

const CSV = "user,item\n1,a\n2,b\n";
const ROWS = { user: ["1", "2"], item: ["a", "b"] };

/** A web server with these files, and what a source needs to read them. */
function web(
  files: Readonly<Record<string, string | Uint8Array<ArrayBuffer> | Response>>,
  maxBytes = 10_000,
): {
  uri: string;
  requests: string[];
  record: RecordedEvent[];
  dependencies: SourceDependencies;
} & AsyncDisposable {
  const requests: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const { pathname } = new URL(request.url);
      requests.push(pathname);
      const file = files[pathname];
      if (file instanceof Response) return file.clone();
      return file === undefined
        ? new Response("", { status: 404 })
        : new Response(file);
    },
  );
  const { events, record } = recordedEvents();
  const http = new HttpStore({
    refuse: () => null,
    maxBytes,
    timeoutSeconds: 10,
    firstRetryMs: 1,
  });
  return {
    uri: `http://127.0.0.1:${server.addr.port}`,
    requests,
    record,
    dependencies: {
      store: createStore([http]),
      events,
      maxBytes,
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function csv(
  path: string,
  content: string | Uint8Array,
  dependencies: SourceDependencies,
): CsvDataSource {
  return new CsvDataSource({
    type: "csv",
    path,
    delimiter: ",",
    encoding: "utf-8",
    header: 0,
    dtype: null,
    sha256: digest(content),
  }, dependencies);
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

Deno.test("CsvDataSource reads a file from the web once, when its bytes are the pinned ones", async () => {
  await using server = web({ "/rows.csv": CSV });
  const source = csv(`${server.uri}/rows.csv`, CSV, server.dependencies);
  assertEquals(await readAll(source, ids("user", "item")), ROWS);
  assertEquals(server.requests, ["/rows.csv"]);
  assertEquals(server.record.map(([, event]) => event), [
    "csv_source_fetch_start",
    "csv_source_fetch_done",
  ]);
  const { bytes, sha256_verified } = server.record[1]![2];
  assertEquals([bytes, sha256_verified], [CSV.length, true]);
});

Deno.test("CsvDataSource refuses a file from the web whose bytes are others, with exit code 7", async () => {
  await using server = web({ "/rows.csv": CSV.replace("1,a", "1,c") });
  const source = csv(`${server.uri}/rows.csv`, CSV, server.dependencies);
  const error = await refusal(
    () => readAll(source, ids("user")),
    "http_fetch_error",
  );
  assertMatch(error.message, /^The sha256 of .* is [0-9a-f]{8}…/);
  assertEquals(error.exitCode, 7);
});

Deno.test("CsvDataSource goes by the suffix before a link's query, and takes the digest of the packed bytes", async () => {
  const packed = await compressed("gzip", CSV);
  await using server = web({ "/rows.CSV.gz": packed });
  const uri = `${server.uri}/rows.CSV.gz?name=rows.csv#x.zip`;
  const source = csv(uri, packed, server.dependencies);
  assertEquals(await readAll(source, ids("user", "item")), ROWS);
});

Deno.test("CsvDataSource tells where it was redirected to", async () => {
  await using server = web({
    "/old": new Response(null, {
      status: 302,
      headers: { location: "/rows.csv?sig=secret" },
    }),
    "/rows.csv": CSV,
  });
  const path = `${server.uri}/old`;
  await readAll(csv(path, CSV, server.dependencies), ids("user"));
  assertEquals(
    server.record.filter(([, event]) => event === "csv_source_redirect"),
    [["info", "csv_source_redirect", {
      path,
      location: `${server.uri}/rows.csv`,
    }]],
  );
});

Deno.test("CsvDataSource tells when a file from the web is larger than the cap, declared or not", async () => {
  const unknownLength = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(CSV));
      controller.close();
    },
  });
  const files = [
    [CSV, 0],
    [new Response(unknownLength), CSV.length],
  ] as const;
  for (const [file, bytesRead] of files) {
    await using server = web({ "/rows.csv": file }, 10);
    const path = `${server.uri}/rows.csv`;
    await refusal(
      () => readAll(csv(path, CSV, server.dependencies), ids("user")),
      "http_fetch_error",
    );
    assertEquals(server.record.at(-1), ["warn", "csv_source_size_exceeded", {
      path,
      bytes_read: bytesRead,
      cap: 10,
    }]);
    if (file instanceof Response) await file.body?.cancel();
  }
});

Deno.test("CsvDataSource.probe() resolves the host and sends no request", async () => {
  await using server = web({});
  const source = csv(`${server.uri}/rows.csv`, CSV, server.dependencies);
  await source.probe(noAbort());
  assertEquals(server.requests, []);
});

Deno.test("ParquetDataSource reads a file from the web once", async () => {
  const path = fromFileUrl(import.meta.resolve("../testdata/zstd_1.parquet"));
  const bytes = await Deno.readFile(path);
  await using server = web({ "/a.parquet": bytes }, bytes.length);
  const local = new ParquetDataSource(
    { type: "parquet", path, sha256: null },
    { ...server.dependencies, store: createStore() },
  );
  const remote = new ParquetDataSource({
    type: "parquet",
    path: `${server.uri}/a.parquet`,
    sha256: digest(bytes),
  }, server.dependencies);
  const columns = ids("user", "item");
  assertEquals(await readAll(remote, columns), await readAll(local, columns));
  assertEquals(server.requests, ["/a.parquet"]);
});

Deno.test("readItemTable() reads item fields from the web, and tells of redirects by its own name", async () => {
  const items = "item_id,title\na,Emma\nb,Ivanhoe\n";
  await using server = web({
    "/old": new Response(null, {
      status: 307,
      headers: { location: "/items.csv" },
    }),
    "/items.csv": items,
  });
  const table = await readItemTable(
    {
      type: "csv",
      path: `${server.uri}/old`,
      sha256: digest(items),
      fields: ["title"],
      on_field_missing: "error",
      item_id_column: "item_id",
    },
    IdMap.from(["a", "b"]).map,
    server.dependencies,
  );
  assertEquals(table.row(1), { title: "Ivanhoe" });
  assertEquals(
    server.record.map(([, event]) => event).includes(
      "metadata_source_redirect",
    ),
    true,
  );
});
