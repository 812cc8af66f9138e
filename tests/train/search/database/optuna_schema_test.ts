import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { DatabaseError } from "../../../../train/search/database/database.ts";
import { openSqlite } from "../../../../train/search/database/open_sqlite.ts";
import { requireOptunaSchema } from "../../../../train/search/database/optuna_schema.ts";
import { newFile, optunaFile } from "./example_log.ts";

/** Tables, their columns, indices and references, whatever the statements that made them look like. */
function schemaOf(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const all = (sql: string) =>
    database.prepare(sql).all().map((row) => ({ ...row }));
  const tables = all(
    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
  ).map(({ name }) => ({
    name,
    columns: all(`PRAGMA table_info(${name})`),
    references: all(`PRAGMA foreign_key_list(${name})`),
    indices: all(
      `SELECT i."unique", (SELECT group_concat(name) FROM pragma_index_info(i.name)) AS columns FROM pragma_index_list('${name}') AS i ORDER BY columns`,
    ),
  }));
  const versions = [
    all("SELECT * FROM alembic_version"),
    all("SELECT * FROM version_info"),
  ];
  database.close();
  return { tables, versions };
}

async function require(path: string): Promise<void> {
  await using database = await openSqlite(path);
  await database.transaction((session) =>
    requireOptunaSchema(database, session)
  );
}

Deno.test("requireOptunaSchema() makes the tables that Optuna makes, and leaves them when they are there", async () => {
  await using ours = await newFile();
  await using theirs = await optunaFile();
  await require(ours.path);
  assertEquals(schemaOf(ours.path), schemaOf(theirs.path));
  await require(ours.path);
  await require(theirs.path);
  assertEquals(schemaOf(ours.path), schemaOf(theirs.path));
});

/** A file with tables of its own. */
async function fileWith(sql: string) {
  const file = await newFile();
  const database = new DatabaseSync(file.path);
  database.exec(sql);
  database.close();
  return file;
}

for (
  const [what, make, message] of [
    [
      "tables of another program",
      () => fileWith("CREATE TABLE notes (text)"),
      "tables of another program",
    ],
    [
      "some of the tables",
      () => fileWith("CREATE TABLE trials (name)"),
      "tables of another program",
    ],
    [
      "another version of Optuna",
      () => optunaFile("UPDATE alembic_version SET version_num = 'v9.0.0.a'"),
      "another version of Optuna than 3.2 to 5.0",
    ],
  ] as const
) {
  Deno.test(`requireOptunaSchema() refuses ${what} and changes nothing`, async () => {
    await using file = await make();
    const before = await Deno.readFile(file.path);
    await assertRejects(() => require(file.path), DatabaseError, message);
    assertEquals(await Deno.readFile(file.path), before);
  });
}
