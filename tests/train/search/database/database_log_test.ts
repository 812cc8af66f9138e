import { assertEquals, assertRejects } from "@std/assert";
import { RecotemError } from "../../../../core/errors.ts";
import {
  type Database,
  DatabaseError,
} from "../../../../train/search/database/database.ts";
import { algorithm } from "../fixture.ts";
import { CHOICE, newFile, openLog, OUTCOME, take } from "./example_log.ts";

/** A database that fails when it is told to. */
function breakable(): {
  failure: DatabaseError | null;
  wrap(database: Database): Database;
} {
  const broken = {
    failure: null as DatabaseError | null,
    wrap: (database: Database): Database => ({
      ...database,
      transaction: (work) =>
        broken.failure
          ? Promise.reject(broken.failure)
          : database.transaction(work),
    }),
  };
  return broken;
}

Deno.test("DatabaseLog takes a trial once, and none when none is chosen", async () => {
  await using file = await newFile();
  await using log = await openLog(file.path);
  const { params, algorithm } = await take(log, 0, "own");
  assertEquals({ params, algorithm }, CHOICE);
  const none = await log.take(1, {
    algorithm: () => null,
    choose: () => null,
  });
  assertEquals(none, null);
});

Deno.test("DatabaseLog begins a trial anew whose algorithm is not tried any more", async () => {
  await using file = await newFile();
  await using log = await openLog(file.path);
  const other = algorithm({ name: "TopPop" });
  const first = await take(
    log,
    0,
    "own",
    () => ({ algorithm: other, params: {} }),
  );
  await first.end(OUTCOME);
  await (await take(log, 0, "own")).end({ ...OUTCOME, seconds: 9 });
  assertEquals((await take(log, 0, "ended")).outcome.seconds, 9);
});

Deno.test("DatabaseLog goes on without a database that fails, after one warning", async () => {
  await using file = await newFile();
  const broken = breakable();
  const warnings: unknown[] = [];
  const warn = (...warning: unknown[]) => void warnings.push(warning);
  {
    await using log = await openLog(file.path, { warn }, broken.wrap);
    await (await take(log, 0, "own")).end(OUTCOME);
    const cut = await take(log, 1, "own");
    broken.failure = new DatabaseError("other", "the disk is full");
    await cut.end(OUTCOME);
    await (await take(log, 2, "own")).end(OUTCOME);
    await take(log, 0, "ended");
  }
  assertEquals(warnings, [["study_storage_lost", {
    storage: file.path,
    error: "the disk is full",
  }]]);
  await using log = await openLog(file.path);
  await take(log, 0, "ended");
  await take(log, 1, "own");
});

Deno.test("DatabaseLog waits for a database that may be back, and chooses once", async () => {
  await using file = await newFile();
  const broken = breakable();
  const warnings: unknown[] = [];
  const warn = (...warning: unknown[]) => void warnings.push(warning);
  await using log = await openLog(file.path, { warn }, broken.wrap);
  broken.failure = new DatabaseError("lost", "it is away");
  // The first wait is a second.
  setTimeout(() => broken.failure = null, 500);
  let chosen = 0;
  const taken = await take(log, 0, "own", () => {
    chosen++;
    return CHOICE;
  });
  await taken.end(OUTCOME);
  assertEquals([chosen, warnings], [1, []]);
});

Deno.test("DatabaseLog stops waiting when the run is stopped", async () => {
  await using file = await newFile();
  const broken = breakable();
  const stop = new AbortController();
  await using log = await openLog(
    file.path,
    { signal: stop.signal },
    broken.wrap,
  );
  broken.failure = new DatabaseError("lost", "it is away");
  const taking = take(log, 0, "own");
  stop.abort(new Error("SIGTERM"));
  await assertRejects(() => taking, Error, "SIGTERM");
});

Deno.test("DatabaseLog ends the search of a process that joined when the database is lost", async () => {
  await using file = await newFile();
  await (await openLog(file.path))[Symbol.asyncDispose]();
  const broken = breakable();
  await using log = await openLog(file.path, { join: true }, broken.wrap);
  broken.failure = new DatabaseError("other", "the disk is full");
  const error = await assertRejects(() => take(log, 0, "own"), RecotemError);
  assertEquals(
    error.message,
    `Lost ${file.path}, where trials are shared: the disk is full; join again when it is back`,
  );
});

Deno.test("DatabaseLog passes on what choosing throws, and begins nothing", async () => {
  await using file = await newFile();
  await using log = await openLog(file.path);
  await assertRejects(
    () =>
      take(log, 0, "own", () => {
        throw new Error("the report failed");
      }),
    Error,
    "the report failed",
  );
  await take(log, 0, "own");
});
