import { assertEquals, assertRejects } from "@std/assert";
import { RecotemError } from "../../../../core/errors.ts";
import { DatabaseError } from "../../../../train/search/database/database.ts";
import { openSqlite } from "../../../../train/search/database/open_sqlite.ts";
import { newFile } from "./example_log.ts";

Deno.test("openSqlite() makes a file that only its owner may read, and keeps others out until it is closed", async () => {
  await using file = await newFile();
  {
    await using _database = await openSqlite(file.path);
    assertEquals((await Deno.stat(file.path)).mode! & 0o777, 0o600);
    const error = await assertRejects(
      () => openSqlite(file.path),
      RecotemError,
      "Another run keeps its trials in",
    );
    assertEquals(error.code, "search_error");
  }
  await using _again = await openSqlite(file.path);
});

Deno.test("openSqlite() runs transactions one after another, and undoes one that fails", async () => {
  await using file = await newFile();
  await using database = await openSqlite(file.path);
  await database.transaction((session) =>
    session.query("CREATE TABLE t (n INTEGER, at DATETIME)")
  );
  const add = (n: number, fail = false) =>
    database.transaction(async (session) => {
      await session.query("INSERT INTO t VALUES ($1, $2)", [n, new Date(n)]);
      await new Promise((resolve) => setTimeout(resolve));
      if (fail) throw new Error("no");
      await session.query("UPDATE t SET n = n * 10 WHERE n = $1", [n]);
    });
  const results = await Promise.allSettled([add(1), add(2, true), add(3)]);
  assertEquals(results.map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  const rows = await database.transaction((session) =>
    session.query("SELECT n, at FROM t ORDER BY n")
  );
  assertEquals(rows.map(({ n, at }) => [n, at]), [
    [10, "1970-01-01 00:00:00.001000"],
    [30, "1970-01-01 00:00:00.003000"],
  ]);
});

Deno.test("openSqlite() fails with a DatabaseError on what is no database, a folder, and a place that is not there", async () => {
  await using file = await newFile();
  await Deno.writeTextFile(file.path, "user,item\n".repeat(1000));
  const folder = file.path.slice(0, file.path.lastIndexOf("/"));
  for (const path of [file.path, folder, `${folder}/none/trials.db`]) {
    const error = await assertRejects(async () => {
      await using database = await openSqlite(path);
      await database.transaction((session) =>
        session.query("SELECT name FROM sqlite_master")
      );
    }, DatabaseError);
    assertEquals(error.kind, "other");
  }
  assertEquals(
    await Deno.readTextFile(file.path),
    "user,item\n".repeat(1000),
  );
});

Deno.test("openSqlite() has what a transaction wrote on the medium, and waits for readers", async () => {
  await using file = await newFile();
  await using database = await openSqlite(file.path);
  const settings = await database.transaction(async (session) => [
    ...await session.query("PRAGMA synchronous"),
    ...await session.query("PRAGMA busy_timeout"),
    ...await session.query("PRAGMA journal_mode"),
  ]);
  assertEquals(settings.map((row) => Object.values(row)), [
    // FULL.
    [2],
    [30_000],
    ["delete"],
  ]);
});
