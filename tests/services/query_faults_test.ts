/** What `recotem train` does when the database that it asks fails, refuses or answers something else. */
import { assertEquals } from "@std/assert";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import {
  assertRefused,
  assertUntouched,
  ENV,
  loansFolder,
  previousModel,
  recipe,
  type Refusal,
  trainBooks,
} from "../e2e/train_run.ts";
import { withAnswerTables } from "./answer_tables.ts";
import { type BigQueryServer, startBqemulator } from "./bqemulator.ts";
import { FaultProxy } from "./fault_proxy.ts";
import {
  type HttpFault,
  HttpFaultProxy,
  UNSPEAKABLE,
} from "./http_fault_proxy.ts";
import { freePort } from "./service.ts";
import { fillTable, SQL_SUBJECTS, type SqlSubject } from "./sql_subjects.ts";

const LOANS = {
  reader: Array.from({ length: 30 }, (_, i) => `r${i % 10}`),
  book: Array.from({ length: 30 }, (_, i) => `b${(i + (i / 10 | 0)) % 5}`),
};

/** What is wrong with a database, and what training says of it with exit code 3, or 7 where the address is refused. */
interface SqlFault {
  readonly query?: string;
  /** Further keys of the recipe's source. */
  readonly settings?: string;
  readonly says: RegExp;
  readonly isRefused?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** The DSN; `proxy` makes a way to the server that breaks. */
  dsn?(
    subject: SqlSubject,
    proxy: (fault: ConstructorParameters<typeof FaultProxy>[1]) => number,
  ): string;
}

const SQL_FAULTS: Readonly<Record<string, SqlFault>> = {
  "another password": {
    dsn: (subject) => subject.dsn({ password: "wr0ng" }),
    says: /refuses the user or the password/,
  },
  "a database that is not there": {
    dsn: (subject) => subject.dsn({ database: "gone" }),
    says: /has no database of that name/,
  },
  "a port where nobody listens": {
    dsn: (subject) => subject.dsn({ port: freePort() }),
    says: /does not listen at its host and port/,
  },
  "a host without an address": {
    dsn: (subject) => subject.dsn({ host: "db.invalid" }),
    says: /has a host without an address/,
  },
  "an address of this machine": {
    env: {},
    says: /127\.0\.0\.1 is a loopback address.*SQL_ALLOW_PRIVATE/,
    isRefused: true,
  },
  "a table that is not there": {
    query: "SELECT * FROM gone",
    says: /has no table that the query names/,
  },
  "a column that was renamed": {
    query: "SELECT reader, book AS title FROM loans",
    says: /"book"; it has "reader", "title"/,
  },
  "no rows": {
    query: "SELECT reader, book FROM loans WHERE reader = 'nobody'",
    says: /no rows/,
  },
  "more rows than are allowed": {
    query: "SELECT a.reader, b.book FROM loans a, loans b, loans c",
    env: { RECOTEM_SQL_ALLOW_PRIVATE: "1", RECOTEM_MAX_SQL_ROWS: "1000" },
    says: /more than 1000 rows/,
  },
  "a connection that is cut before the answer": {
    dsn: (subject, proxy) => subject.dsn({ port: proxy({ cutAfter: 10 }) }),
    says: /broke off the connection/,
  },
  "a connection that is cut within the answer": {
    query: "SELECT a.reader, b.book FROM loans a, loans b, loans c",
    dsn: (subject, proxy) => subject.dsn({ port: proxy({ cutAfter: 90_000 }) }),
    says: /broke off the connection/,
  },
  "a server that says nothing": {
    settings: "connect_timeout_seconds: 1",
    dsn: (subject, proxy) => subject.dsn({ port: proxy({ stallAfter: 0 }) }),
    says: /did not answer within the 1 s/,
  },
};

async function project(source: string): Promise<RecipeFolder> {
  const folder = await loansFolder(recipe({
    source: `source: ${source}`,
    schema: "schema: { user_column: reader, item_column: book }",
    training:
      "training: { algorithms: [TopPop], n_trials: 1, split: { heldout_ratio: 0.5 } }",
  }));
  await previousModel(folder);
  return folder;
}

async function refuses(
  source: string,
  refusal: Pick<Refusal, "env" | "says" | "secrets"> & { isRefused?: boolean },
): Promise<void> {
  const { isRefused = false, env, ...expected } = refusal;
  await using folder = await project(source);
  await assertRefused(folder, {
    ...expected,
    env: { ...ENV, ...env },
    ...(isRefused
      ? { code: "http_fetch_error", exit: 7 }
      : { code: "datasource_error", exit: 3 }),
  });
  await assertUntouched(folder);
}

for (const [kind, start] of Object.entries(SQL_SUBJECTS)) {
  Deno.test(`recotem train tells what is wrong with a source in ${kind}, and no password`, async (t) => {
    await using subject = await start();
    await fillTable(subject, "loans", LOANS);
    const { password } = subject.server;
    for (const [problem, fault] of Object.entries(SQL_FAULTS)) {
      await t.step(problem, async () => {
        await using proxies = new AsyncDisposableStack();
        const proxy = (broken: ConstructorParameters<typeof FaultProxy>[1]) =>
          proxies.use(new FaultProxy(subject.server.port, broken)).port;
        const { query = "SELECT reader, book FROM loans", settings } = fault;
        await refuses(
          `{ type: sql, dsn_env: RECOTEM_RECIPE_DB, query: "${query}"${
            settings === undefined ? "" : `, ${settings}`
          } }`,
          {
            ...fault,
            env: {
              RECOTEM_RECIPE_DB: fault.dsn?.(subject, proxy) ?? subject.dsn(),
              ...fault.env ?? { RECOTEM_SQL_ALLOW_PRIVATE: "1" },
            },
            secrets: [password, encodeURIComponent(password), "wr0ng"],
          },
        );
      });
    }
  });
}

/** What befalls requests to BigQuery's JSON interface. */
interface BigQueryFault {
  readonly query?: string;
  readonly fault?: HttpFault;
  /** The requests that it befalls: those that ask, or those that start something; absent: all. */
  readonly of?: "GET" | "POST";
  /** How many of them, the first ones; absent: all. */
  readonly times?: number;
  /** What training says; null: that all went well. */
  readonly says: RegExp | null;
  /** Requests that it takes to give up. */
  readonly attempts?: number;
}

const BIGQUERY_FAULTS: Readonly<Record<string, BigQueryFault>> = {
  "status 401": {
    fault: { status: 401 },
    says: /BigQuery answered with status 401$/,
    attempts: 1,
  },
  "status 403": {
    fault: { status: 403 },
    says: /BigQuery answered with status 403$/,
    attempts: 1,
  },
  "status 500, then success": {
    fault: { status: 500 },
    of: "GET",
    times: 2,
    says: null,
  },
  "status 503, then success": {
    fault: { status: 503 },
    of: "POST",
    times: 2,
    says: null,
  },
  "status 500 for ever": {
    fault: { status: 500 },
    of: "GET",
    says: /BigQuery answered with status 500$/,
    attempts: 4,
  },
  "status 500, for what starts a query": {
    fault: { status: 500 },
    of: "POST",
    says: /BigQuery answered with status 500$/,
    attempts: 1,
  },
  "a connection that is cut, then success": {
    fault: { cutAfter: 10 },
    of: "GET",
    times: 2,
    says: null,
  },
  "a connection that is cut for ever": {
    fault: "deafness",
    of: "GET",
    says: /The connection to BigQuery failed: /,
    attempts: 4,
  },
  "a table that is not there": {
    query: "SELECT * FROM gone.loans",
    says: /BigQuery answered with /,
  },
  "a column that was renamed": {
    query: "SELECT 'r' AS reader, 'b' AS title",
    says: /"book"; it has "reader", "title"/,
  },
  "no rows": {
    query: "SELECT 'r' AS reader, 'b' AS book LIMIT 0",
    says: /answers no rows/,
  },
};

Deno.test("recotem train tells what is wrong with a source in BigQuery, and asks again when that may help", async (t) => {
  await using server = await withAnswerTables(await startBqemulator());
  for (const [problem, fault] of Object.entries(BIGQUERY_FAULTS)) {
    await t.step(problem, () => askThrough(server, fault));
  }
  await t.step("a Storage API that breaks off", async () => {
    const { BIGQUERY_STORAGE_EMULATOR_HOST: host } = server.env;
    await using proxy = new FaultProxy(Number(host!.split(":")[1]), {
      cutAfter: 400,
    });
    await refuses(bigQuerySource(), {
      env: {
        ...server.env,
        BIGQUERY_STORAGE_EMULATOR_HOST: `127.0.0.1:${proxy.port}`,
      },
      says: /BigQuery's Storage API failed with status 2 of gRPC/,
    });
  });
});

async function askThrough(
  server: BigQueryServer,
  { query, fault, of, times = Infinity, says, attempts }: BigQueryFault,
): Promise<void> {
  const [, port] = server.env.BIGQUERY_EMULATOR_HOST!.split(":");
  let hit = 0;
  await using proxy = new HttpFaultProxy(Number(port), ({ method }) => {
    if (fault === undefined || hit === times) return null;
    if (of !== undefined && of !== method) return null;
    hit++;
    return fault;
  });
  const env = {
    ...server.env,
    BIGQUERY_EMULATOR_HOST: `127.0.0.1:${proxy.port}`,
  };
  if (says !== null) {
    await refuses(bigQuerySource(query), { env, says, secrets: [UNSPEAKABLE] });
    if (attempts !== undefined) assertEquals(hit, attempts);
    return;
  }
  await using folder = await project(bigQuerySource(query));
  const { code, events } = await trainBooks(folder, [], {
    env: { ...ENV, ...env },
  });
  assertEquals(code, 0, JSON.stringify(events.at(-1)));
  assertEquals(hit, times);
}

function bigQuerySource(query?: string): string {
  const rows = LOANS.reader.map((reader, i) =>
    `STRUCT('${reader}' AS reader, '${LOANS.book[i]}' AS book)`
  );
  return `{ type: bigquery, query: "${
    query ?? `SELECT * FROM UNNEST([${rows.join(", ")}])`
  }" }`;
}
