/** Searches that keep their trials in a PostgreSQL server, over the command line. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import postgres from "postgres";
import { delay } from "@std/async/delay";
import { createRandom } from "../../core/kernels/create_random.ts";
import { Audit, compareWithGrants } from "../audit.ts";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import { recotem } from "../cli/recotem.ts";
import {
  assertRefused,
  ENV,
  eventsOf,
  loansFolder,
  namesOf,
  recipe,
  startTraining,
  type Told,
  trainBooks,
} from "../e2e/train_run.ts";
import { LOANS } from "../train/loans.ts";
import { dataFolder } from "./data_folder.ts";
import type { DatabaseServer } from "./database_server.ts";
import { startPostgresql } from "./postgresql.ts";
import { runCommand } from "./run_command.ts";
import { freePort } from "./service.ts";

const TRIALS = 40;
const RUN = "--run-id=nightly";
const JOIN = "--join=nightly";

/** So many loans that a trial takes a good part of a second. */
function manyLoans(): string {
  const random = createRandom(12);
  const lines = ["reader,book,at"];
  for (let reader = 0; reader < 4000; reader++) {
    const books = new Set<number>();
    while (books.size < 15) books.add(random.int(300) * random.int(3));
    for (const book of books) lines.push(`r${reader},b${book},2026-02-01`);
  }
  return lines.join("\n") + "\n";
}

/** A project whose trials lie in the server. */
async function project(
  { port, database }: Pick<DatabaseServer, "port" | "database">,
  { host = "127.0.0.1", query = "", trials = TRIALS, loans = LOANS } = {},
): Promise<RecipeFolder> {
  const folder = await loansFolder(recipe({
    training:
      `training: { algorithms: [IALS], n_trials: ${trials}, split: { heldout_ratio: 0.3 }, storage_path: "postgresql://${host}:${port}/${database}${query}" }`,
  }));
  await folder.write("data/loans.csv", loans);
  return folder;
}

function credentials(
  { user, password }: DatabaseServer,
): Record<string, string> {
  return {
    ...ENV,
    RECOTEM_STORAGE_USER: user,
    RECOTEM_STORAGE_PASSWORD: password,
  };
}

function connect(
  { host, port, database, user, password: pass }: DatabaseServer,
): postgres.Sql & AsyncDisposable {
  const sql = postgres({ host, port, database, user, pass, max: 1 });
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end() });
}

/** Kills the process that a run trains in while it runs a trial, as do two others that share its study. */
async function killAtWork(
  { pid }: Deno.ChildProcess,
  server: DatabaseServer,
): Promise<void> {
  const child = Number(await runCommand(["pgrep", "-P", String(pid)]));
  await using sql = connect(server);
  for (;;) {
    Deno.kill(child, "SIGSTOP");
    const running = await sql`SELECT 1 FROM trials WHERE state = 'RUNNING'`;
    if (running.length === 3) break;
    Deno.kill(child, "SIGCONT");
    await delay(50);
  }
  Deno.kill(child, "SIGKILL");
}

/** Ends a server at once, whoever is connected. */
async function crash(server: DatabaseServer): Promise<void> {
  await using sql = connect(server);
  const [row] = await sql`SELECT pg_read_file('postmaster.pid') AS pid`;
  Deno.kill(parseInt(row!.pid), "SIGQUIT");
}

/** Hears a run to its end, and tells each event as it comes. */
async function hear(
  process: Deno.ChildProcess,
  onEvent: (told: Told) => unknown = () => {},
): Promise<{ code: number; events: Told[] }> {
  const events: Told[] = [];
  for await (const told of eventsOf(process)) {
    events.push(told);
    await onEvent(told);
  }
  await process.stdout.cancel();
  return { code: (await process.status).code, events };
}

// Takes as long as it takes to be sure that a process is gone.
Deno.test("recotem train --join: three processes share a search, one of them is killed, all trials are done and none twice", async () => {
  await using server = await startPostgresql();
  await using folder = await project(server, { loans: manyLoans() });
  const options = { env: credentials(server) };
  const joined: Promise<{ code: number; events: Told[] }>[] = [];
  const starter = await hear(
    startTraining(folder, [RUN], options),
    ({ event, trial }) => {
      if (event !== "trial_done" || Number(trial) > 0) return;
      const victim = startTraining(folder, [JOIN], options);
      let trials = 0;
      joined.push(hear(victim, async ({ event }) => {
        if (event !== "trial_done" || ++trials !== 5) return;
        await killAtWork(victim, server);
      }));
      joined.push(hear(startTraining(folder, [JOIN], options)));
    },
  );
  assertEquals(
    [starter.code, namesOf(starter.events).at(-1)],
    [0, "train_done"],
  );
  const [gone, helper] = await Promise.all(joined);
  assertEquals(gone!.code, 137);
  assertEquals(
    [helper!.code, namesOf(helper!.events).at(-1)],
    [0, "train_joined"],
  );
  assert(!namesOf(helper!.events).includes("artifact_written"));
  await using sql = connect(server);
  const done = await sql`
    SELECT a.value_json, count(*)::int AS times
    FROM trials JOIN trial_user_attributes AS a USING (trial_id)
    JOIN trial_user_attributes AS b USING (trial_id)
    WHERE a.key = 'search_number' AND b.key = 'seconds'
    GROUP BY a.value_json ORDER BY a.value_json::int`;
  assertEquals(
    done.map(({ value_json, times }) => [value_json, times]),
    Array.from({ length: TRIALS }, (_, n) => [String(n), 1]),
  );
  const others = await sql`
    SELECT state = 'FAIL' AS failed, a.value_json IS NOT NULL AS again
    FROM trials LEFT JOIN trial_system_attributes AS a
    ON a.trial_id = trials.trial_id AND key = 'retry_history'
    WHERE state = 'FAIL' OR a.value_json IS NOT NULL ORDER BY again`;
  assertEquals(
    others.map(({ failed, again }) => [failed, again]),
    // The one that was cut off, and what took its place.
    [[true, false], [false, true]],
  );
  // All of them knew all trials in the end.
  for (const { events } of [starter, helper!]) {
    const told = events.filter(({ event }) => event === "trial_done");
    assertEquals(told.length, TRIALS);
  }
});

Deno.test("recotem train with one process finds in PostgreSQL what it finds without a storage", async () => {
  await using server = await startPostgresql();
  await using folder = await project(server, { trials: 20 });
  const validated = await recotem(["validate", "books.yaml"], {
    cwd: folder.path,
    env: credentials(server),
  });
  assertEquals(validated.code, 0, validated.err);
  await using alone = await loansFolder(
    (await Deno.readTextFile(`${folder.path}/books.yaml`))
      .replace(/, storage_path: "[^"]*"/, ""),
  );
  const trials = [];
  for (const each of [folder, alone]) {
    const { code, events } = await trainBooks(each, ["-v"], {
      env: credentials(server),
    });
    assertEquals(code, 0);
    trials.push(
      events.filter(({ event }) => event === "trial_done").map((
        { trial, score, algorithm, params },
      ) => ({ trial, score, algorithm, params })),
    );
  }
  assertEquals(trials[0]!.length, 20);
  assertEquals(trials[0], trials[1]);
});

Deno.test("recotem train asks for the host of its storage, and nothing else that is not granted", async () => {
  await using server = await startPostgresql();
  // A name, which has two addresses on most machines.
  await using folder = await project(server, { host: "localhost", trials: 2 });
  const { out } = await recotem(["permissions", "books.yaml", "--json"], {
    cwd: folder.path,
  });
  const granted = JSON.parse(out);
  assertEquals(granted.net, [`localhost:${server.port}`]);
  using audit = new Audit();
  const { code } = await trainBooks(folder, [], {
    env: { ...credentials(server), ...audit.env },
  });
  assertEquals(code, 0);
  assertEquals(compareWithGrants(audit.asked(), granted, folder.path), {
    refused: [],
    unused: [],
  });
});

Deno.test("recotem train publishes what it found when the server goes away in mid-search, and says so; who joined stops", async () => {
  await using server = await startPostgresql();
  await using folder = await project(server, { loans: manyLoans() });
  const options = { env: credentials(server) };
  let joined: Promise<{ code: number; events: Told[] }> | undefined;
  const { code, events } = await hear(
    startTraining(folder, [RUN], options),
    async ({ event, trial }) => {
      if (event !== "trial_done" || Number(trial) > 0) return;
      let trials = 0;
      const both = Promise.withResolvers<void>();
      joined = hear(startTraining(folder, [JOIN], options), ({ event }) => {
        if (event === "trial_done" && ++trials === 2) both.resolve();
      });
      await both.promise;
      await crash(server);
    },
  );
  assertEquals([code, namesOf(events).at(-1)], [0, "train_done"]);
  const lost = events.filter(({ event }) => event === "study_storage_lost");
  assertEquals(lost.length, 1);
  assertMatch(String(lost[0]!.error), /is away \(/);
  const other = await joined!;
  assertEquals(other.code, 4);
  assertMatch(
    String(other.events.at(-1)!.error),
    /^Error: Lost postgres on 127\.0\.0\.1:\d+, where trials are shared: [^\n]*; join again when it is back$/,
  );
});

Deno.test("recotem train refuses what it cannot keep trials in before it reads data, as recotem validate does: the right exit code, one sentence, no password", async () => {
  await using server = await startPostgresql();
  const env = credentials(server);
  const secret = "wr0ng-s3cret";
  const cases = [
    {
      folder: project(server),
      env: { ...env, RECOTEM_STORAGE_PASSWORD: secret },
      code: "config_error",
      exit: 8,
      says: /refuses the user or the password; check RECOTEM_STORAGE_USER/,
    },
    {
      folder: project(server),
      env: { ...env, RECOTEM_STORAGE_USER: "nobody" },
      code: "config_error",
      exit: 8,
      says: /refuses the user or the password/,
    },
    {
      folder: project(server),
      env: ENV,
      code: "config_error",
      exit: 8,
      says: /Variable RECOTEM_STORAGE_USER must name the user of the database/,
    },
    {
      folder: project({ ...server, database: "studies" }),
      env,
      code: "search_error",
      exit: 4,
      says: /127\.0\.0\.1:\d+ has no database studies/,
    },
    {
      folder: project({ ...server, port: freePort() }),
      env,
      code: "search_error",
      exit: 4,
      says: /127\.0\.0\.1:\d+ is away \(ECONNREFUSED\)/,
    },
    {
      folder: project(server, { host: "db.invalid" }),
      env,
      code: "search_error",
      exit: 4,
      says: /there is no host db\.invalid/,
    },
    {
      folder: project(server, { query: "?sslmode=require" }),
      env,
      code: "search_error",
      exit: 4,
      says: /has no TLS, which sslmode asks for/,
    },
    {
      folder: project(server, { host: `ann:${secret}@127.0.0.1` }),
      env,
      code: "search_error",
      exit: 4,
      says: /must not hold a user or password/,
    },
    {
      folder: project(server),
      env,
      flags: [JOIN],
      code: "search_error",
      exit: 4,
      says:
        /has no study recotem_books_nightly to join: begin it with --run-id/,
    },
  ];
  for (const { folder: making, ...refusal } of cases) {
    await using folder = await making;
    const secrets = [secret, server.password];
    if (refusal.flags === undefined) {
      const validated = await recotem(["validate", "books.yaml"], {
        cwd: folder.path,
        env: refusal.env,
      });
      assertEquals(validated.code, refusal.exit);
      const said = validated.err.trimEnd().split("\n").at(-1)!;
      assertMatch(said, refusal.says);
      for (const each of secrets) assert(!said.includes(each), said);
      await Deno.remove(`${folder.path}/data/loans.csv`);
    }
    await assertRefused(folder, { ...refusal, secrets });
  }
});

Deno.test("recotem train refuses a user who may make no tables", async () => {
  await using server = await startPostgresql();
  {
    await using sql = connect(server);
    await sql`CREATE ROLE guest LOGIN PASSWORD 'guest'`;
  }
  await using folder = await project(server);
  await assertRefused(folder, {
    env: credentials({ ...server, user: "guest", password: "guest" }),
    code: "search_error",
    exit: 4,
    says: /the user may not make or use its tables/,
  });
});

/** A certificate of `localhost` that vouches for itself, where a server may read it. */
async function certificate(): Promise<
  { readonly path: string } & AsyncDisposable
> {
  const folder = await dataFolder();
  const { path, uid } = folder;
  await runCommand([
    ..."openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
      .split(" "),
    ...["-addext", "subjectAltName=DNS:localhost"],
    ...["-addext", "basicConstraints=critical,CA:TRUE"],
    ...["-keyout", `${path}/key.pem`, "-out", `${path}/cert.pem`],
  ]);
  await Deno.chmod(path, 0o755);
  await Deno.chmod(`${path}/key.pem`, 0o600);
  if (uid !== undefined) await Deno.chown(`${path}/key.pem`, uid, null);
  return folder;
}

Deno.test("recotem train does with TLS what sslmode says", async () => {
  await using files = await certificate();
  await using server = await startPostgresql({
    ssl: "on",
    ssl_cert_file: `${files.path}/cert.pem`,
    ssl_key_file: `${files.path}/key.pem`,
  });
  const root = `&sslrootcert=${files.path}/cert.pem`;
  const env = credentials(server);
  const refused = /the certificate of \S+ is not one that sslmode and sslroot/;
  for (
    const [query, host, outcome] of [
      ["", "localhost", true],
      ["?sslmode=disable", "localhost", false],
      ["?sslmode=require", "127.0.0.1", true],
      [`?sslmode=verify-full${root}`, "localhost", true],
      [`?sslmode=verify-ca${root}`, "127.0.0.1", true],
      [`?sslmode=verify-full${root}`, "127.0.0.1", refused],
      ["?sslmode=verify-full", "localhost", refused],
      ["?sslmode=verify-ca", "localhost", refused],
    ] as const
  ) {
    await using folder = await project(server, { host, query });
    if (outcome instanceof RegExp) {
      await assertRefused(folder, {
        env,
        code: "search_error",
        exit: 4,
        says: outcome,
      });
      continue;
    }
    const { code, events } = await hear(
      startTraining(folder, [], { env }),
      async ({ event }) => {
        if (event !== "search_started") return;
        await using sql = connect(server);
        const [row] = await sql`
          SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
          WHERE application_name = 'recotem'`;
        assertEquals(row?.ssl, outcome, query);
      },
    );
    assertEquals(code, 0, JSON.stringify(events.at(-1)));
  }
});
