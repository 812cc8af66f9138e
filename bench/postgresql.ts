/**
 * Rows from a PostgreSQL server into the matrix, beside `psql \copy` of the same query to nowhere:
 * `deno run -A bench/postgresql.ts [ROWS]`. Starts a server of its own; needs `psql`.
 *
 * @module
 */

import process from "node:process";
import { SILENT } from "../core/config/events.ts";
import { createStore } from "../core/storage/create_store.ts";
import { startPostgresql } from "../tests/services/postgresql.ts";
import { runCommand } from "../tests/services/run_command.ts";
import { createDataSource } from "../train/data/create_data_source.ts";
import { readInteractions } from "../train/data/read_interactions.ts";

const QUERY = "SELECT user_id, item_id, at FROM purchases";

/** Purchases of 138,000 users and 27,000 items, as many as in MovieLens 20M. */
function tableOf(rows: number): string {
  return `CREATE UNLOGGED TABLE purchases AS SELECT
    (138000 * random() ^ 2)::bigint AS user_id,
    (27000 * random() ^ 3)::bigint AS item_id,
    timestamp '2010-12-01' + i * interval '1 second' AS at
    FROM generate_series(1, ${rows}) AS i`;
}

/** Reads all rows in this process; prints seconds on the clock and of processors, pairs and the most memory, in MB. */
async function read(dsn: string): Promise<void> {
  const started = performance.now();
  const source = createDataSource({
    type: "sql",
    dsn_env: "RECOTEM_RECIPE_DB",
    query: QUERY,
    query_parameters: {},
    connect_timeout_seconds: 10,
    statement_timeout_seconds: 1800,
  }, {
    store: createStore(),
    events: SILENT,
    maxBytes: 2 ** 28,
    env: new Map([
      ["RECOTEM_RECIPE_DB", dsn],
      ["RECOTEM_SQL_ALLOW_PRIVATE", "1"],
    ]),
    plugins: new Map(),
  });
  const { stats, matrix } = await readInteractions(
    source,
    {
      user_column: "user_id",
      item_column: "item_id",
      time_column: "at",
      time_unit: null,
    },
    {
      drop_null_ids: true,
      dedup: "keep_last",
      min_rows: null,
      min_users: null,
      min_items: null,
    },
    { events: SILENT, signal: new AbortController().signal },
  );
  const { user, system } = process.cpuUsage();
  const status = await Deno.readTextFile("/proc/self/status");
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  write(
    JSON.stringify({
      seconds: (performance.now() - started) / 1000,
      processor: (user + system) / 1e6,
      rows: stats.rows + stats.dropped,
      pairs: matrix.indices.length,
      peak: Math.round(peak),
    }),
  );
}

async function measure(rows: number): Promise<void> {
  await using server = await startPostgresql({ shared_buffers: "256MB" });
  const env = { PGPASSWORD: server.password };
  const psql = (command: string) =>
    runCommand([
      "psql",
      "--no-psqlrc",
      "--quiet",
      `--host=${server.host}`,
      `--port=${server.port}`,
      `--username=${server.user}`,
      `--command=${command}`,
      server.database,
    ], { env });
  await psql(tableOf(rows));
  await psql("VACUUM ANALYZE purchases");
  const dsn = `postgresql://${server.user}:${
    encodeURIComponent(server.password)
  }@${server.host}:${server.port}/${server.database}`;
  for (let round = 1; round <= 2; round++) {
    const started = performance.now();
    await psql(`\\copy (${QUERY}) TO '/dev/null'`);
    const copy = (performance.now() - started) / 1000;
    const told = JSON.parse(
      await runCommand([
        Deno.execPath(),
        "run",
        "-A",
        import.meta.url,
        "--read",
      ], { env: { BENCH_DSN: dsn } }),
    );
    if (told.rows !== rows) throw new Error(`${told.rows} rows`);
    const perSecond = (seconds: number) =>
      `${(rows / seconds / 1e6).toFixed(2)} M rows/s`;
    write(
      `psql \\copy ${copy.toFixed(1)} s, ${
        perSecond(copy)
      }; matrix of ${told.pairs} pairs ${told.seconds.toFixed(1)} s, ${
        perSecond(told.seconds)
      }, ${(100 * copy / told.seconds).toFixed(0)} %; processor ${
        told.processor.toFixed(1)
      } s; peak ${told.peak} MB\n`,
    );
  }
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  const [argument = "20000000"] = Deno.args;
  if (argument === "--read") await read(Deno.env.get("BENCH_DSN")!);
  else await measure(Number(argument));
}
