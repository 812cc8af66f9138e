/**
 * The databases that the SQL source is tested against: a server each, and how to fill it.
 *
 * @module
 */
import mysql from "mysql2/promise";
import postgres from "postgres";
import type { TextTable } from "../train/data/data_source_contract.ts";
import type { DatabaseServer } from "./database_server.ts";
import { startMariadb } from "./mariadb.ts";
import { startPostgresql } from "./postgresql.ts";

/** A server, its DSN and a way to change what it holds. */
export interface SqlSubject extends AsyncDisposable {
  readonly server: DatabaseServer;
  /** The DSN, or one that differs in parts. */
  dsn(parts?: Partial<Omit<DatabaseServer, "stop">>): string;
  /** Runs statements. */
  execute(...statements: readonly string[]): Promise<void>;
  /** A name in the dialect's quotes. */
  quote(name: string): string;
  /** A statement that takes a minute. */
  readonly slow: string;
  /** Rows 1 to `n` in a column `id`. */
  series(n: number): string;
}

/** Name → how to start it. */
export const SQL_SUBJECTS: Readonly<
  Record<string, () => Promise<SqlSubject>>
> = {
  async PostgreSQL() {
    const server = await startPostgresql();
    const { host, port, user, password, database } = server;
    const sql = postgres({
      host,
      port,
      user,
      password,
      database,
      max: 1,
      onnotice() {},
    });
    return {
      server,
      dsn: (parts) => dsnOf("postgresql", { ...server, ...parts }),
      async execute(...statements) {
        for (const statement of statements) await sql.unsafe(statement);
      },
      quote: (name) => `"${name}"`,
      slow: "SELECT pg_sleep(60)::text AS id",
      series: (n) => `SELECT id FROM generate_series(1, ${n}) AS id`,
      async [Symbol.asyncDispose]() {
        await sql.end({ timeout: 1 });
        await server.stop();
      },
    };
  },
  async MariaDB() {
    const server = await startMariadb();
    const { host, port, user, password, database } = server;
    const connection = await mysql.createConnection({
      host,
      port,
      user,
      password,
      database,
    });
    return {
      server,
      dsn: (parts) => dsnOf("mysql", { ...server, ...parts }),
      async execute(...statements) {
        for (const statement of statements) await connection.query(statement);
      },
      quote: (name) => `\`${name}\``,
      slow: "SELECT sleep(60) AS id",
      series: (n) => `SELECT seq AS id FROM seq_1_to_${n}`,
      async [Symbol.asyncDispose]() {
        connection.destroy();
        await server.stop();
      },
    };
  },
};

/** Puts a table of texts into a database, in the place of one of the same name. */
export async function fillTable(
  subject: SqlSubject,
  name: string,
  table: TextTable,
): Promise<void> {
  const columns = Object.entries(table);
  await subject.execute(
    `DROP TABLE IF EXISTS ${name}`,
    `CREATE TABLE ${name} (${
      columns.map(([column]) => `${subject.quote(column)} VARCHAR(100)`)
        .join(", ")
    })`,
  );
  const rows = columns[0]![1].map((_, row) =>
    `(${
      columns.map(([, values]) => {
        const value = values[row];
        return typeof value === "string"
          ? `'${value.replaceAll("'", "''")}'`
          : "NULL";
      }).join(", ")
    })`
  );
  if (rows.length === 0) return;
  await subject.execute(`INSERT INTO ${name} VALUES ${rows.join(", ")}`);
}

function dsnOf(
  scheme: string,
  { user, password, host, port, database }: Omit<DatabaseServer, "stop">,
): string {
  const encode = encodeURIComponent;
  return `${scheme}://${encode(user)}:${
    encode(password)
  }@${host}:${port}/${database}`;
}
