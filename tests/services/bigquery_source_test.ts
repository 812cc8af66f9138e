import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createServer } from "node:http2";
import type { BigQuerySource } from "../../core/recipe/recipe.ts";
import { GrpcConnection } from "../../train/data/bigquery/grpc_call.ts";
import { BigQueryDataSource } from "../../train/data/sources/bigquery.ts";
import {
  testDataSource,
  type TextTable,
} from "../train/data/data_source_contract.ts";
import {
  ids,
  localDependencies,
  noAbort,
  readAll,
  type RecordedEvent,
  refusal,
  values,
} from "../train/data/source_files.ts";
import { withAnswerTables } from "./answer_tables.ts";
import { startBqemulator } from "./bqemulator.ts";
import { FaultProxy } from "./fault_proxy.ts";
import { freePort } from "./service.ts";

const server = await withAnswerTables(await startBqemulator());
addEventListener("unload", () => void server[Symbol.asyncDispose]());

function open(
  query: string,
  options: Partial<BigQuerySource> = {},
  env: Readonly<Record<string, string>> = {},
): { source: BigQueryDataSource; record: readonly RecordedEvent[] } {
  const dependencies = localDependencies({
    env: new Map(Object.entries({ ...server.env, ...env })),
  });
  const source = new BigQueryDataSource({
    type: "bigquery",
    query,
    query_parameters: null,
    project: null,
    maximum_bytes_billed: null,
    ...options,
  }, dependencies);
  return { source, record: dependencies.record };
}

/** A query that answers a table, in its order. */
function queryOf(table: TextTable): string {
  const names = Object.keys(table);
  const rows = table[names[0]!]!.map((_, row) =>
    `STRUCT(${
      names.map((name) => {
        const value = table[name]![row];
        return `CAST(${
          value === null ? "NULL" : JSON.stringify(value)
        } AS STRING) AS ${name}`;
      }).join(", ")
    }, ${row} AS row_number)`
  );
  if (rows.length === 0) {
    return `SELECT ${names.map((name) => `'' AS ${name}`)} LIMIT 0`;
  }
  return `SELECT ${names} FROM UNNEST([${
    rows.join(", ")
  }]) ORDER BY row_number`;
}

testDataSource({
  type: "bigquery",
  store: (table) =>
    Promise.resolve({
      open: (dependencies) =>
        new BigQueryDataSource({
          type: "bigquery",
          query: queryOf(table),
          query_parameters: null,
          project: null,
          maximum_bytes_billed: null,
        }, { ...dependencies, env: new Map(Object.entries(server.env)) }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
});

const TYPES = `SELECT * FROM UNNEST([
  STRUCT('007' AS t, 9223372036854775807 AS n, NUMERIC '1.50' AS d, 0.1 AS f, TRUE AS b, DATE '2010-12-01' AS day,
    TIMESTAMP '2010-12-01 08:26:00.123456+00' AS at, DATETIME '2010-12-01 08:26:00.5' AS local, 5 AS small, 1 AS o),
  STRUCT(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2),
  STRUCT('ü日本', -5, NUMERIC '2', 1e25, FALSE, DATE '1969-12-31', TIMESTAMP '1900-02-28 00:00:00+00',
    DATETIME '1900-01-01 00:00:00', -3, 3)]) ORDER BY o`;

const AS_IDS = {
  t: ["007", null, "ü日本"],
  n: ["9223372036854775807", null, "-5"],
  d: ["1.5", null, "2"],
  f: ["0.1", null, "10000000000000000905969664"],
};
const AS_VALUES = {
  n: ["9223372036854775807", null, "-5"],
  small: [5, NaN, -3],
  d: [1.5, NaN, 2],
  f: [0.1, NaN, 1e25],
  b: [true, null, false],
  day: [Date.UTC(2010, 11, 1), NaN, Date.UTC(1969, 11, 31)],
  at: [Date.UTC(2010, 11, 1, 8, 26) + 123.456, NaN, Date.UTC(1900, 1, 28)],
  local: [Date.UTC(2010, 11, 1, 8, 26, 0, 500), NaN, Date.UTC(1900, 0, 1)],
};

/** A Storage API that refuses every call with a status of gRPC. */
async function refusing(
  status: number,
): Promise<{ readonly host: string } & AsyncDisposable> {
  const storage = createServer();
  storage.on("stream", (stream) => {
    stream.respond({ ":status": 200, "grpc-status": String(status) }, {
      endStream: true,
    });
  });
  await new Promise<void>((resolve) =>
    storage.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = storage.address() as { port: number };
  return {
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        storage.close(() => resolve());
      }),
  };
}

Deno.test("BigQueryDataSource reads every type by the Storage API: ids as text, big integers exactly, times", async () => {
  const { source, record } = open(TYPES);
  assertEquals(await readAll(source, ids("t", "n", "d", "f")), AS_IDS);
  const columns = values(...Object.keys(AS_VALUES));
  assertEquals(await readAll(open(TYPES).source, columns), AS_VALUES);
  assertEquals(record.map(([, event]) => event), [
    "bigquery_source_fetch_start",
    "bigquery_source_fetch_done",
  ]);
});

Deno.test("BigQueryDataSource reads the same as JSON where the Storage API may not be used, and says so", async () => {
  await using storage = await refusing(7);
  const env = { BIGQUERY_STORAGE_EMULATOR_HOST: storage.host };
  const { source, record } = open(TYPES, {}, env);
  assertEquals(await readAll(source, ids("t", "n", "d", "f")), AS_IDS);
  assertEquals(record[1], ["warn", "bigquery_storage_fallback", {
    reason: "api_error",
  }]);
  const columns = values(...Object.keys(AS_VALUES));
  assertEquals(await readAll(open(TYPES, {}, env).source, columns), AS_VALUES);

  const required = await refusal(
    () =>
      readAll(
        open(TYPES, {}, { ...env, RECOTEM_BQ_REQUIRE_STORAGE_API: "1" }).source,
        ids("t"),
      ),
    "datasource_error",
  );
  assertMatch(required.message, /RECOTEM_BQ_REQUIRE_STORAGE_API/);
});

Deno.test("BigQueryDataSource reads no JSON when the Storage API fails for another reason", async () => {
  await using storage = await refusing(13);
  const error = await refusal(
    () =>
      readAll(
        open(TYPES, {}, { BIGQUERY_STORAGE_EMULATOR_HOST: storage.host })
          .source,
        ids("t"),
      ),
    "datasource_error",
  );
  assertMatch(error.message, /status 13 of gRPC$/);
  assertEquals(error.details, { reason: "non_iam_error_no_fallback" });
});

Deno.test("GrpcConnection.call() ends when the server says nothing any more", async () => {
  const { BIGQUERY_STORAGE_EMULATOR_HOST: host } = server.env;
  for (const stallAfter of [0, 50]) {
    await using proxy = new FaultProxy(Number(host!.split(":")[1]), {
      stallAfter,
    });
    using connection = new GrpcConnection(
      `http://127.0.0.1:${proxy.port}`,
      200,
    );
    const call = connection.call("/none", new Uint8Array(), {}, noAbort());
    await assertRejects(() => call.next(), Error, "said nothing for 0.2 s");
  }
});

Deno.test("BigQueryDataSource sends values with their types", async () => {
  const { source } = open("SELECT @t AS t, @n AS n, @f AS f, @b AS b", {
    query_parameters: { t: "it's", n: 5, f: 0.5, b: true },
  });
  assertEquals(await readAll(source, values("t", "n", "f", "b")), {
    t: ["it's"],
    n: [5],
    f: [0.5],
    b: [true],
  });
});

Deno.test("BigQueryDataSource refuses a value of another type with exit 3, at probe and at fetch", async () => {
  const { source } = open("SELECT 1 AS t", { query_parameters: { t: [1] } });
  for (
    const act of [
      () => source.probe(noAbort()),
      () => readAll(source, ids("t")),
    ]
  ) {
    const error = await refusal(act, "datasource_error");
    assertMatch(error.message, /^source\.query_parameters\.t must be/);
    assertEquals(error.exitCode, 3);
  }
});

Deno.test("BigQueryDataSource.probe() lets the query be checked and tells the estimate", async () => {
  const { source, record } = open("SELECT 1 AS t", {
    maximum_bytes_billed: 1000,
  });
  await source.probe(noAbort());
  const [level, event, fields] = record[0]!;
  assertEquals([level, event], ["info", "bigquery_estimate"]);
  assertEquals(fields.maximum_bytes_billed, 1000);
  await refusal(
    () => open("SELECT nothing FROM nowhere.gone").source.probe(noAbort()),
    "datasource_error",
  );
});

Deno.test("BigQueryDataSource refuses types that are no ids, and servers that are not there", async () => {
  const lists = await refusal(
    () => readAll(open("SELECT [1, 2] AS t").source, ids("t")),
    "datasource_error",
  );
  assertMatch(lists.message, /holds lists/);
  const times = await refusal(
    () => readAll(open(TYPES).source, ids("at")),
    "datasource_error",
  );
  assertMatch(times.message, /holds TIMESTAMP, ids must be text or numbers/);
  for (
    const name of ["BIGQUERY_EMULATOR_HOST", "BIGQUERY_STORAGE_EMULATOR_HOST"]
  ) {
    const env = { [name]: `127.0.0.1:${freePort()}` };
    await refusal(
      () => readAll(open("SELECT 1 AS t", {}, env).source, ids("t")),
      "datasource_error",
    );
  }
});
