/**
 * Rows from a PostgreSQL server into the matrix, beside `psql \copy` of the same query to nowhere:
 * `deno run -A bench/postgresql.ts [ROWS]`. Starts a server of its own; needs `psql`.
 *
 * @module
 */

import { startPostgresql } from "../tests/services/postgresql.ts";
import { runCommand } from "../tests/services/run_command.ts";
import { measureReading, type Reading } from "./ingest/measure_reading.ts";

const QUERY = "SELECT user_id, item_id, time FROM purchases";

/** Purchases of 138,000 users and 27,000 items, as many as in MovieLens 20M. */
function tableOf(rows: number): string {
  return `CREATE UNLOGGED TABLE purchases AS SELECT
    (138000 * random() ^ 2)::bigint AS user_id,
    (27000 * random() ^ 3)::bigint AS item_id,
    timestamp '2010-12-01' + i * interval '1 second' AS time
    FROM generate_series(1, ${rows}) AS i`;
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
    const told: Reading = JSON.parse(
      await runCommand([
        Deno.execPath(),
        "run",
        "-A",
        import.meta.url,
        "--read",
      ], { env: { RECOTEM_RECIPE_DB: dsn, RECOTEM_SQL_ALLOW_PRIVATE: "1" } }),
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
      } s; peak ${told.peak.toFixed(0)} MB\n`,
    );
  }
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  const [argument = "20000000"] = Deno.args;
  if (argument === "--read") {
    write(JSON.stringify(
      await measureReading({
        type: "sql",
        dsn_env: "RECOTEM_RECIPE_DB",
        query: QUERY,
        query_parameters: {},
        connect_timeout_seconds: 10,
        statement_timeout_seconds: 1800,
      }),
    ));
  } else await measure(Number(argument));
}
