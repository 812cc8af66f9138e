import { assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import type { SqlSource } from "../../../../core/recipe/recipe.ts";
import type { SourceDependencies } from "../../../../train/data/source_dependencies.ts";
import { SqlDataSource } from "../../../../train/data/sources/sql.ts";
import { testDataSource, type TextTable } from "../data_source_contract.ts";
import {
  ids,
  localDependencies,
  noAbort,
  readAll,
  refusal,
  values,
} from "../source_files.ts";

/** A new database file, filled by `fill`. */
async function sqliteFile(
  fill: (database: DatabaseSync) => void,
): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/shop.db`;
  const database = new DatabaseSync(path);
  fill(database);
  database.close();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function source(
  path: string,
  query: string,
  options: {
    readonly parameters?: SqlSource["query_parameters"];
    readonly dependencies?: Partial<SourceDependencies>;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): SqlDataSource & { record: ReturnType<typeof localDependencies>["record"] } {
  const dependencies = localDependencies({
    ...options.dependencies,
    env: new Map(Object.entries({
      RECOTEM_RECIPE_DB: `sqlite:///${path}`,
      ...options.env,
    })),
  });
  const made = new SqlDataSource({
    type: "sql",
    dsn_env: "RECOTEM_RECIPE_DB",
    query,
    query_parameters: options.parameters ?? {},
    connect_timeout_seconds: 10,
    statement_timeout_seconds: 300,
  }, dependencies);
  return Object.assign(made, { record: dependencies.record });
}

function fillTable(database: DatabaseSync, table: TextTable): void {
  const names = Object.keys(table);
  database.exec(
    `CREATE TABLE t (${names.map((name) => `"${name}" TEXT`).join(", ")})`,
  );
  const insert = database.prepare(
    `INSERT INTO t VALUES (${names.map(() => "?").join(", ")})`,
  );
  const rows = table[names[0]!]!.length;
  for (let row = 0; row < rows; row++) {
    insert.run(...names.map((name) => table[name]![row] ?? null));
  }
}

testDataSource({
  type: "sql",
  kind: "SQLite",
  async store(table) {
    const file = await sqliteFile((database) => fillTable(database, table));
    return {
      open: (dependencies) =>
        new SqlDataSource({
          type: "sql",
          dsn_env: "RECOTEM_RECIPE_DB",
          query: "SELECT * FROM t",
          query_parameters: {},
          connect_timeout_seconds: 10,
          statement_timeout_seconds: 300,
        }, {
          ...dependencies,
          env: new Map([["RECOTEM_RECIPE_DB", `sqlite:///${file.path}`]]),
        }),
      [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
    };
  },
});

Deno.test("SqlDataSource reads SQLite's whole numbers exactly, ids as text and values in their own type", async () => {
  await using file = await sqliteFile((database) =>
    database.exec(`
      CREATE TABLE t (id, n INTEGER, big INTEGER, x REAL, mixed);
      INSERT INTO t VALUES
        (9223372036854775807, 1700000000, 9007199254740993, 0.5, 1),
        (0.25, NULL, 1, NULL, 'a'),
        ('', -1, NULL, 1e21, NULL);
    `)
  );
  const rows = await readAll(
    source(file.path, "SELECT * FROM t"),
    [...ids("id"), ...values("n", "big", "x", "mixed")],
  );
  assertEquals(rows, {
    id: ["9223372036854775807", "0.25", null],
    n: [1_700_000_000, NaN, -1],
    big: ["9007199254740993", "1", null],
    x: [0.5, NaN, 1e21],
    mixed: ["1", "a", null],
  });
});

Deno.test("SqlDataSource binds values to names: a value is never part of the query", async () => {
  await using file = await sqliteFile((database) =>
    fillTable(database, { user: ["a", "b'; --", ":x"], item: ["1", "2", "3"] })
  );
  const query =
    `SELECT user, item FROM t WHERE user = :who /* :no */ AND ':x' <> :who -- :no`;
  const rows = await readAll(
    source(file.path, query, { parameters: { who: "b'; --" } }),
    ids("user"),
  );
  assertEquals(rows, { user: ["b'; --"] });
});

Deno.test("SqlDataSource accepts as many rows as RECOTEM_MAX_SQL_ROWS and refuses one more", async () => {
  await using file = await sqliteFile((database) =>
    database.exec(
      "CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001) SELECT i AS user FROM n",
    )
  );
  const env = { RECOTEM_MAX_SQL_ROWS: "1000" };
  const whole = source(file.path, "SELECT user FROM t LIMIT 1000", { env });
  assertEquals((await readAll(whole, ids("user"))).user?.length, 1000);
  const error = await refusal(
    () =>
      readAll(source(file.path, "SELECT user FROM t", { env }), ids("user")),
    "datasource_error",
  );
  assertMatch(error.message, /more than 1000 rows/);
});

Deno.test("SqlDataSource refuses an answer of more bytes than compressed files may hold", async () => {
  await using file = await sqliteFile((database) =>
    database.exec("CREATE TABLE t AS SELECT hex(zeroblob(1000)) AS user")
  );
  const open = (maxBytes: number) =>
    source(file.path, "SELECT user FROM t", { dependencies: { maxBytes } });
  await readAll(open(63), ids("user"));
  const error = await refusal(
    () => readAll(open(62), ids("user")),
    "datasource_error",
  );
  assertMatch(
    error.message,
    /more than 1984 bytes.*RECOTEM_MAX_DOWNLOAD_BYTES/,
  );
});

Deno.test("SqlDataSource can write nothing to SQLite and attach no other file", async () => {
  await using file = await sqliteFile((database) =>
    database.exec("CREATE TABLE t AS SELECT 1 AS user")
  );
  const before = await Deno.readFile(file.path);
  for (
    const query of [
      "INSERT INTO t VALUES (2) RETURNING user",
      "DELETE FROM t RETURNING user",
      "ATTACH '/tmp/other.db' AS other",
      "SELECT 1 AS user; DELETE FROM t",
    ]
  ) {
    try {
      await readAll(source(file.path, query), ids("user"));
    } catch {
      // The file decides.
    }
    assertEquals(await Deno.readFile(file.path), before, query);
  }
  const error = await refusal(
    () =>
      readAll(source(file.path, "DELETE FROM t RETURNING user"), ids("user")),
    "datasource_error",
  );
  assertMatch(error.message, /must be one SELECT/);
});

Deno.test("SqlDataSource refuses an answer of SQLite that breaks off, rather than take it for the whole", async () => {
  await using file = await sqliteFile((database) =>
    database.exec(
      "CREATE TABLE t (user); INSERT INTO t VALUES (1), (2), (-9223372036854775808), (4)",
    )
  );
  const error = await refusal(
    () =>
      readAll(
        source(file.path, "SELECT abs(user) AS user FROM t"),
        ids("user"),
      ),
    "datasource_error",
  );
  assertMatch(error.message, /^SQLite broke off/);
});

Deno.test("SqlDataSource keeps the order that a query to SQLite asks for, comments at its end or not", async () => {
  await using file = await sqliteFile((database) =>
    database.exec(
      "CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) SELECT i AS user FROM n",
    )
  );
  const query = "SELECT user FROM t ORDER BY user DESC -- newest first";
  const { user } = await readAll(
    source(file.path, query),
    ids("user"),
  );
  assertEquals(user, Array.from({ length: 25_000 }, (_, i) => `${25_000 - i}`));
});

Deno.test("SqlDataSource warns that SQLite has no time limit, and tells what it has read", async () => {
  await using file = await sqliteFile((database) =>
    fillTable(database, { user: ["a", "b"] })
  );
  const made = source(file.path, "SELECT * FROM t");
  await readAll(made, ids("user"));
  assertEquals(made.record.filter(([level]) => level !== "debug"), [
    ["warn", "sql_statement_timeout_unsupported_on_sqlite", {
      dsn_env: "RECOTEM_RECIPE_DB",
    }],
    ["info", "sql_fetch_complete", {
      dialect: "sqlite",
      rows: 2,
      columns: ["user"],
    }],
  ]);
});

/** Query → what its refusal says. */
const WRONG: readonly [query: string, message: RegExp][] = [
  ["SELECT * FROM gone_secret", /^The query names a table that is not there$/],
  ["SELECT secret FROM t", /^The query names a column that is not there$/],
  ["SELEC 'secret'", /its syntax is wrong$/],
  ["SELECT :secret", /^Placeholder :secret of source\.query has no value/],
];

for (const [query, message] of WRONG) {
  Deno.test(`SqlDataSource refuses ${query} of SQLite with exit 3 in a sentence of its own`, async () => {
    await using file = await sqliteFile((database) =>
      fillTable(database, { user: ["a"] })
    );
    const error = await refusal(
      () => readAll(source(file.path, query), ids("user")),
      "datasource_error",
    );
    assertMatch(error.message, message);
    assertEquals([error.exitCode, error.cause], [3, undefined]);
  });
}

Deno.test("SqlDataSource refuses a value that the query does not name, already at probe", async () => {
  await using file = await sqliteFile((database) =>
    fillTable(database, { user: ["a"] })
  );
  const error = await refusal(
    () =>
      source(file.path, "SELECT * FROM t", { parameters: { since: 1 } })
        .probe(noAbort()),
    "datasource_error",
  );
  assertEquals(
    error.message,
    'source.query_parameters has "since", which source.query does not name',
  );
});

Deno.test("SqlDataSource probes an SQLite file: there, and a database", async () => {
  await using file = await sqliteFile((database) =>
    fillTable(database, { user: ["a"] })
  );
  await source(file.path, "SELECT * FROM t").probe(noAbort());
  const missing = await refusal(
    () => source(`${file.path}.gone`, "SELECT 1").probe(noAbort()),
    "datasource_error",
  );
  assertMatch(missing.message, /^There is no database file .*shop\.db\.gone$/);
  await Deno.writeTextFile(file.path, "user,item\n".repeat(1000));
  const other = await refusal(
    () => source(file.path, "SELECT 1").probe(noAbort()),
    "datasource_error",
  );
  assertEquals(other.message, "The database file is not a database of SQLite");
});

Deno.test("SqlDataSource refuses a variable that is not set, by name", async () => {
  const error = await refusal(
    () =>
      source("x", "SELECT 1", { env: { RECOTEM_RECIPE_DB: " " } }).probe(
        noAbort(),
      ),
    "datasource_error",
  );
  assertMatch(error.message, /^Variable RECOTEM_RECIPE_DB, .* is not set/);
});
