/** A study in a PostgreSQL server that several processes share. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import { RecotemError } from "../../core/errors.ts";
import { studyStorage } from "../../core/recipe/study_storage.ts";
import { delay } from "../../core/std/async.ts";
import {
  DatabaseError,
  type Session,
} from "../../train/search/database/database.ts";
import {
  type DatabaseLogOptions,
  openDatabaseLog,
} from "../../train/search/database/open_database_log.ts";
import { openPostgresql } from "../../train/search/database/open_postgresql.ts";
import type { TrialLog } from "../../train/search/trial_log.ts";
import {
  CHOICE,
  FAILED,
  logOptions,
  OUTCOME,
  take,
} from "../train/search/database/example_log.ts";
import { FaultProxy } from "./fault_proxy.ts";
import { startPostgresql } from "./postgresql.ts";

type Server = Awaited<ReturnType<typeof startPostgresql>>;

function open(
  { host, port, database, user, password }: Server,
  options: Partial<DatabaseLogOptions> = {},
): Promise<TrialLog> {
  const storage = studyStorage(`postgresql://${host}:${port}/${database}`);
  if (storage.type !== "postgresql") throw new Error(storage.type);
  return openDatabaseLog(
    openPostgresql(storage, { user, password }),
    logOptions(options),
  );
}

/** A connection of somebody else's. */
function connect(
  { host, port, database, user, password: pass }: Server,
): postgres.Sql & AsyncDisposable {
  const sql = postgres({ host, port, database, user, pass, max: 1 });
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end() });
}

/** Lets all processes look as if they had been gone for long. */
async function age(server: Server): Promise<void> {
  await using sql = connect(server);
  await sql`UPDATE trial_heartbeats SET heartbeat = heartbeat - INTERVAL '1 hour'`;
}

Deno.test("DatabaseLog gives each trial to one process, and shows its result to the others", async () => {
  await using server = await startPostgresql();
  await using first = await open(server);
  await using second = await open(server, { join: true });
  await using third = await open(server, { join: true });
  const owners: number[] = [];
  async function work(log: TrialLog, owner: number): Promise<void> {
    for (let number = 0; number < 20; number++) {
      const taken = await log.take(number, {
        algorithm: () => CHOICE.algorithm,
        choose: () => CHOICE,
      });
      if (taken?.type !== "own") continue;
      assertEquals(owners[number], undefined);
      owners[number] = owner;
      await taken.end(OUTCOME);
    }
  }
  const logs = [first, second, third];
  await Promise.all(logs.map(work));
  assertEquals(owners.length, 20);
  assert(new Set(owners).size > 1);
  for (const log of logs) {
    for (let number = 0; number < 20; number++) {
      const { outcome } = await take(log, number, "ended");
      assertEquals(outcome.curve, OUTCOME.curve);
    }
  }
  await using sql = connect(server);
  const rows = await sql`SELECT number, state FROM trials ORDER BY trial_id`;
  assertEquals(
    rows.map(({ number, state }) => [number, state]),
    Array.from({ length: 20 }, (_, n) => [n, "COMPLETE"]),
  );
});

Deno.test("DatabaseLog leaves the trial of a process that lives to it, and begins that of one that is gone once more", async () => {
  await using server = await startPostgresql();
  const warnings: unknown[] = [];
  const warn = (...warning: unknown[]) => void warnings.push(warning);
  await using gone = await open(server);
  await using second = await open(server, { join: true, warn });
  await using third = await open(server, { join: true, warn });
  const late = await take(gone, 0, "own");
  await take(second, 0, "elsewhere");
  await age(server);
  const again = await take(second, 0, "own", () => {
    throw new Error("chosen again");
  });
  assertEquals(again.params, late.params);
  assertEquals(warnings, [["study_trial_interrupted", { trial: 0 }]]);
  await take(third, 0, "elsewhere");
  // Its process was not gone after all: too late.
  await late.end(FAILED);
  await take(third, 0, "elsewhere");
  await again.end(OUTCOME);
  assertEquals((await take(third, 0, "ended")).outcome.state, "complete");
  assertEquals(third.get(0)?.state, "complete");
});

Deno.test("DatabaseLog gives a trial up that two processes in a row did not survive", async () => {
  await using server = await startPostgresql();
  await using first = await open(server);
  await using second = await open(server, { join: true });
  await using third = await open(server, { join: true });
  await take(first, 0, "own");
  await age(server);
  await take(second, 0, "own");
  await age(server);
  const { outcome } = await take(third, 0, "ended");
  assertEquals([outcome.state, outcome.evaluation], ["failed", null]);
  assert(outcome.error?.includes("gone"));
  await take(first, 0, "ended");
});

Deno.test("DatabaseLog goes on over another connection when one is lost, and does nothing twice", async () => {
  await using server = await startPostgresql();
  const warnings: unknown[] = [];
  const warn = (...warning: unknown[]) => void warnings.push(warning);
  await using log = await open(server, { warn });
  async function cut(): Promise<void> {
    await using sql = connect(server);
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'recotem'`;
  }
  const first = await take(log, 0, "own");
  await cut();
  await first.end(OUTCOME);
  await cut();
  const second = await take(log, 1, "own", () => CHOICE);
  await Promise.all([cut(), second.end(OUTCOME)]);
  assertEquals(warnings, []);
  await using sql = connect(server);
  const rows = await sql`SELECT state FROM trials ORDER BY trial_id`;
  assertEquals(rows.map(({ state }) => state), ["COMPLETE", "COMPLETE"]);
});

Deno.test("openPostgresql() takes a connection that goes away for a loss, and makes another, whenever and however it goes", async () => {
  await using server = await startPostgresql();
  const { port, database, user, password } = server;
  for (const moment of ["before", "within", "in a write"]) {
    for (const after of [0, 1, 20]) {
      await using proxy = new FaultProxy(port, { cutAfter: Infinity });
      const storage = studyStorage(
        `postgresql://127.0.0.1:${proxy.port}/${database}`,
      );
      if (storage.type !== "postgresql") throw new Error(storage.type);
      await using opened = openPostgresql(storage, { user, password });
      const ask = (session: Session, text = "x") =>
        session.query("SELECT $1::text AS text", [text]);
      const cut = () => (proxy.cut(), delay(after));
      await opened.transaction(ask);
      if (moment === "before") await cut();
      const error = await assertRejects(
        () =>
          opened.transaction(async (session) => {
            if (moment === "within") await cut();
            const asked = ask(session, "x".repeat(5_000_000));
            if (moment === "in a write") await Promise.all([cut(), asked]);
            await asked;
          }),
        DatabaseError,
      );
      assertEquals(error.kind, "lost", error.message);
      const [row] = await opened.transaction(ask);
      assertEquals(row, { text: "x" });
    }
  }
});

Deno.test("openPostgresql() tells that a transaction was undone when a failure in it was passed over", async () => {
  await using server = await startPostgresql();
  const { host, port, database, user, password } = server;
  const storage = studyStorage(`postgresql://${host}:${port}/${database}`);
  if (storage.type !== "postgresql") throw new Error(storage.type);
  await using opened = openPostgresql(storage, { user, password });
  const error = await assertRejects(
    () =>
      opened.transaction(async (session) => {
        await session.query("CREATE TABLE notes (text TEXT)");
        await session.query("SELECT 1 / 0").catch(() => {});
      }),
    DatabaseError,
    "were undone",
  );
  assertEquals(error.kind, "other");
  // Nothing is left of it, and the next one goes on.
  await opened.transaction((session) =>
    session.query("CREATE TABLE notes (text TEXT)")
  );
});

// Takes as long as a server may be silent.
Deno.test("openPostgresql() gives a server up that says nothing", async () => {
  await using server = await startPostgresql();
  const { port, database, user, password } = server;
  await using proxy = new FaultProxy(port, { stallAfter: 0 });
  const errors = await Promise.all(["prefer", "disable"].map(async (mode) => {
    const storage = studyStorage(
      `postgresql://127.0.0.1:${proxy.port}/${database}?sslmode=${mode}`,
    );
    if (storage.type !== "postgresql") throw new Error(storage.type);
    await using opened = openPostgresql(storage, { user, password });
    return await assertRejects(
      () => opened.transaction((session) => session.query("SELECT 1")),
      DatabaseError,
    );
  }));
  assertEquals(errors.map(({ kind }: DatabaseError) => kind), ["lost", "lost"]);
});

Deno.test("openDatabaseLog() keeps the studies of several recipes in one database, beside the tables of other programs", async () => {
  await using server = await startPostgresql();
  await using sql = connect(server);
  await sql`CREATE TABLE notes (text TEXT)`;
  // Both make the tables.
  const names = ["shop", "books"];
  const logs = await Promise.all(names.map((recipe) => {
    const identity = { ...logOptions().identity, recipe, name: recipe };
    return open(server, { identity });
  }));
  for (const log of logs) {
    await (await take(log, 0, "own")).end(OUTCOME);
    await log[Symbol.asyncDispose]();
  }
  const { identity } = logOptions();
  const error = await assertRejects(
    () => open(server, { identity: { ...identity, name: "books" } }),
    RecotemError,
  );
  assertEquals(error.code, "search_error");
  assert(error.message.includes("of the recipe books"), error.message);
});
