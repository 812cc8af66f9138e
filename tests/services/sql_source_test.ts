import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ErrorCode } from "../../core/errors.ts";
import type { SqlSource } from "../../core/recipe/recipe.ts";
import { SqlDataSource } from "../../train/data/sources/sql.ts";
import { testDataSource } from "../train/data/data_source_contract.ts";
import {
  ids,
  localDependencies,
  noAbort,
  readAll,
  type RecordedEvent,
  refusal,
} from "../train/data/source_files.ts";
import { FaultProxy } from "./fault_proxy.ts";
import { freePort } from "./service.ts";
import { fillTable, SQL_SUBJECTS, type SqlSubject } from "./sql_subjects.ts";

function open(
  dsn: string,
  query: string,
  options: Partial<SqlSource> = {},
  env: Readonly<Record<string, string>> = { RECOTEM_SQL_ALLOW_PRIVATE: "1" },
): { source: SqlDataSource; record: readonly RecordedEvent[] } {
  const dependencies = localDependencies({
    env: new Map(Object.entries({ RECOTEM_RECIPE_DB: dsn, ...env })),
  });
  const source = new SqlDataSource({
    type: "sql",
    dsn_env: "RECOTEM_RECIPE_DB",
    query,
    query_parameters: {},
    connect_timeout_seconds: 10,
    statement_timeout_seconds: 300,
    ...options,
  }, dependencies);
  return { source, record: dependencies.record };
}

/** Reads what must fail; answers the message, which must hold nothing of the DSN and no line break. */
async function failure(
  subject: SqlSubject,
  act: () => Promise<unknown>,
  code: ErrorCode = "datasource_error",
): Promise<string> {
  const error = await refusal(act, code);
  const { password } = subject.server;
  for (const secret of [password, encodeURIComponent(password), "wr0ng"]) {
    assert(!error.message.includes(secret), error.message);
    assert(!Deno.inspect(error.cause).includes(secret));
  }
  assertEquals(error.exitCode, code === "datasource_error" ? 3 : 7);
  return error.message;
}

for (const [kind, start] of Object.entries(SQL_SUBJECTS)) {
  const subject = await start();
  addEventListener("unload", () => void subject[Symbol.asyncDispose]());

  testDataSource({
    type: "sql",
    kind,
    async store(table) {
      await fillTable(subject, "contract", table);
      return {
        open: (dependencies) =>
          new SqlDataSource({
            type: "sql",
            dsn_env: "RECOTEM_RECIPE_DB",
            query: "SELECT * FROM contract",
            query_parameters: {},
            connect_timeout_seconds: 10,
            statement_timeout_seconds: 300,
          }, {
            ...dependencies,
            env: new Map([
              ["RECOTEM_RECIPE_DB", subject.dsn()],
              ["RECOTEM_SQL_ALLOW_PRIVATE", "1"],
            ]),
          }),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    },
  });

  Deno.test(`SqlDataSource binds values to names on ${kind}, each as what it is`, async () => {
    await fillTable(subject, "bound", { id: ["a", "b'; --", "c"] });
    const { source } = open(
      subject.dsn(),
      "SELECT id FROM bound WHERE id = :who AND :one < :half + 1 AND :yes AND ':who' <> id -- :no",
      {
        query_parameters: { who: "b'; --", one: 1, half: 0.5, yes: true },
      },
    );
    assertEquals(await readAll(source, ids("id")), { id: ["b'; --"] });
  });

  Deno.test(`SqlDataSource streams ${kind}: whole answers in order, in batches, up to the cap on rows`, async () => {
    const cap = {
      RECOTEM_SQL_ALLOW_PRIVATE: "1",
      RECOTEM_MAX_SQL_ROWS: "30000",
    };
    const whole = open(subject.dsn(), subject.series(30_000), {}, cap);
    let expected = 1;
    let batches = 0;
    for await (const batch of whole.source.batches(ids("id"), noAbort())) {
      batches++;
      const { values } = batch.columns.get("id")!;
      for (const value of values) assertEquals(value, String(expected++));
    }
    assertEquals(expected, 30_001);
    assert(batches > 2);
    const message = await failure(
      subject,
      () =>
        readAll(
          open(subject.dsn(), subject.series(30_001), {}, cap).source,
          ids("id"),
        ),
    );
    assertMatch(message, /more than 30000 rows, which RECOTEM_MAX_SQL_ROWS/);
  });

  Deno.test(`SqlDataSource reads ${kind} only as fast as its rows are used, and stops when nobody does`, async () => {
    const { source } = open(subject.dsn(), subject.series(2_000_000));
    let rows = 0;
    for await (const batch of source.batches(ids("id"), noAbort())) {
      rows += batch.rows;
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (rows > 50_000) break;
    }
    assert(rows < 100_000);
  });

  Deno.test(`SqlDataSource can write nothing to ${kind}`, async () => {
    await fillTable(subject, "kept", { id: ["a"] });
    const delete_ = "DELETE FROM kept RETURNING id";
    const message = await failure(
      subject,
      () => readAll(open(subject.dsn(), delete_).source, ids("id")),
    );
    assertMatch(message, /was asked to write: the query must only read/);
    await failure(
      subject,
      () =>
        readAll(
          open(subject.dsn(), `SELECT 1 AS id; ${delete_}`).source,
          ids("id"),
        ),
    );
    assertEquals(
      await readAll(
        open(subject.dsn(), "SELECT * FROM kept").source,
        ids("id"),
      ),
      { id: ["a"] },
    );
  });

  Deno.test(`SqlDataSource refuses what ${kind} refuses, in words of its own`, async () => {
    const cases: readonly [dsn: string, query: string, message: RegExp][] = [
      [
        subject.dsn({ password: "wr0ng" }),
        "SELECT 1 AS id",
        /refuses the user or the password/,
      ],
      [
        subject.dsn({ database: "gone" }),
        "SELECT 1 AS id",
        /has no database of that name/,
      ],
      [subject.dsn(), "SELECT * FROM gone", /has no table/],
      [subject.dsn(), "SELECT gone", /has no column/],
      [subject.dsn(), "SELEC 'wr0ng'", /syntax is wrong/],
      [
        subject.dsn({ port: freePort() }),
        "SELECT 1 AS id",
        /does not listen at its host and port/,
      ],
    ];
    for (const [dsn, query, expected] of cases) {
      const message = await failure(
        subject,
        () => readAll(open(dsn, query).source, ids("id")),
      );
      assertMatch(message, expected);
      assertMatch(message, /^The database that RECOTEM_RECIPE_DB names /);
    }
  });

  Deno.test(`SqlDataSource ends a query of ${kind} that takes longer than is allowed`, async () => {
    const message = await failure(
      subject,
      () =>
        readAll(
          open(subject.dsn(), subject.slow, { statement_timeout_seconds: 1 })
            .source,
          ids("id"),
        ),
    );
    assertMatch(message, /took too long/);
  });

  Deno.test(`SqlDataSource ends when ${kind} breaks off, before and within the answer, or says nothing`, async () => {
    for (const cutAfter of [10, 200_000]) {
      await using proxy = new FaultProxy(subject.server.port, { cutAfter });
      const dsn = subject.dsn({ port: proxy.port });
      const message = await failure(
        subject,
        () => readAll(open(dsn, subject.series(100_000)).source, ids("id")),
      );
      assertMatch(message, /broke off the connection/);
    }
    await using silent = new FaultProxy(subject.server.port, {
      stallAfter: 0,
    });
    const { source } = open(subject.dsn({ port: silent.port }), "SELECT 1", {
      connect_timeout_seconds: 1,
    });
    const message = await failure(subject, () => source.probe(noAbort()));
    assertMatch(message, /did not answer within the 1 s/);
  });

  Deno.test(`SqlDataSource refuses ${kind} at a private address with exit 7, and without TLS where it is asked for`, async () => {
    const message = await failure(
      subject,
      () => open(subject.dsn(), "SELECT 1", {}, {}).source.probe(noAbort()),
      "http_fetch_error",
    );
    assertMatch(
      message,
      /127\.0\.0\.1 is a loopback address.*SQL_ALLOW_PRIVATE/,
    );
    const parameter = kind === "MariaDB"
      ? "ssl_mode=VERIFY_CA"
      : "sslmode=verify-full";
    const { source } = open(`${subject.dsn()}?${parameter}`, "SELECT 1");
    assertMatch(
      await failure(subject, () => source.probe(noAbort())),
      /offers no encryption/,
    );
  });

  Deno.test(`SqlDataSource probes ${kind}, warns of a DSN without TLS and tells what it has read`, async () => {
    const { source, record } = open(subject.dsn(), subject.series(3));
    await source.probe(noAbort());
    await readAll(source, ids("id"));
    const dialect = kind === "MariaDB" ? "mysql" : "postgresql";
    const warning = ["warn", "sql_dsn_tls_not_configured", {
      dsn_env: "RECOTEM_RECIPE_DB",
      dialect,
    }];
    assertEquals(record.filter(([level]) => level !== "debug"), [
      warning,
      warning,
      ["info", "sql_fetch_complete", { dialect, rows: 3, columns: ["id"] }],
    ] as unknown as RecordedEvent[]);
  });
}
