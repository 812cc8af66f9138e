import mysql from "mysql2";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { ServerDsn } from "../../../core/recipe/parse_dsn.ts";
import type { RowBatch, SourceColumn } from "../data_source.ts";
import { resolveColumns } from "../resolve_columns.ts";
import { valueColumn } from "../value_column.ts";
import { AnswerLimits } from "./answer_limits.ts";
import { connectToServer } from "./connect_to_server.ts";
import type { BoundQuery, Database, DatabaseLimits } from "./database.ts";
import { tlsOptions } from "./_tls_options.ts";

const BATCH_ROWS = 10_000;
/** Rows that the driver reads ahead of the batches. */
const READ_AHEAD = 1_000;

/**
 * A database of MySQL or MariaDB. One connection, one session that may only read and whose statements have a time
 * limit; the query is prepared by the server, and its rows come as fast as they are used. Times are those of UTC.
 *
 * Needs `--allow-net=host:port`.
 */
export class MysqlDatabase implements Database {
  readonly #dsn: ServerDsn;
  readonly #limits: DatabaseLimits;
  readonly #refuse: (address: string) => string | null;

  /** Nothing is connected yet. */
  constructor(
    dsn: ServerDsn,
    limits: DatabaseLimits,
    refuse: (address: string) => string | null,
  ) {
    this.#dsn = dsn;
    this.#limits = limits;
    this.#refuse = refuse;
  }

  async probe(signal: AbortSignal): Promise<void> {
    const { connection, lost } = await this.#connect(signal);
    try {
      await Promise.race([connection.promise().execute("SELECT 1"), lost]);
    } finally {
      connection.destroy();
    }
  }

  async *batches(
    query: BoundQuery,
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const limits = new AnswerLimits(this.#limits);
    const { connection, lost } = await this.#connect(signal);
    try {
      const command = connection.execute({
        sql: query.text,
        values: [...query.values],
        rowsAsArray: true,
      });
      let found: { column: SourceColumn; index: number }[] = [];
      let refusal: unknown;
      command.on("fields", (fields: readonly mysql.FieldPacket[]) => {
        try {
          found = resolveColumns(
            "The answer of the query",
            columns,
            fields.map(({ name }) => name),
          );
        } catch (error) {
          refusal = error;
          connection.destroy();
        }
      });
      const stream = command.stream({ highWaterMark: READ_AHEAD });
      // A driver whose connection is lost may leave the stream as it is.
      lost.catch((error: Error) => stream.destroy(error));
      const abort = () => stream.destroy(signal.reason);
      signal.addEventListener("abort", abort);
      try {
        for await (const rows of chunks(stream)) {
          // They may have come together with the fields.
          if (refusal !== undefined) throw refusal;
          let bytes = 0;
          const cells = found.map(({ index }) =>
            rows.map((row) => {
              const cell = row[index];
              bytes += typeof cell === "string" ? cell.length : 8;
              return cell;
            })
          );
          limits.add(rows.length, bytes);
          yield {
            rows: rows.length,
            columns: new Map(
              found.map(({ column }, at) => [
                column.name,
                valueColumn(column, cells[at]!),
              ]),
            ),
          };
        }
      } catch (error) {
        throw refusal ?? error;
      } finally {
        signal.removeEventListener("abort", abort);
      }
      if (refusal !== undefined) throw refusal;
    } finally {
      connection.destroy();
    }
  }

  async #connect(signal: AbortSignal): Promise<Session> {
    const { connectSeconds } = this.#limits;
    const timeout = AbortSignal.timeout(1000 * connectSeconds);
    const stop = AbortSignal.any([signal, timeout]);
    const { user, password, database, serverName, port, tls } = this.#dsn;
    const socket = await connectToServer(this.#dsn, this.#refuse, stop);
    const connection = mysql.createConnection({
      stream: socket,
      host: serverName,
      port,
      user,
      password,
      database,
      charset: "utf8mb4",
      timezone: "Z",
      // Beyond 2⁵³ a number would be another one.
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      jsonStrings: true,
      ...(tls.mode === "off" ? {} : {
        ssl: {
          ...await tlsOptions(this.#dsn),
          verifyIdentity: tls.mode === "verify-full",
        },
      }),
    });
    const abort = () => socket.destroy(stop.reason);
    stop.addEventListener("abort", abort);
    const lost = lossOf(socket);
    // What the driver says of a loss is said by that promise.
    connection.on("error", () => {});
    try {
      await Promise.race([this.#prepare(connection), lost]);
      return { connection, lost };
    } catch (error) {
      connection.destroy();
      stop.throwIfAborted();
      throw error;
    } finally {
      stop.removeEventListener("abort", abort);
    }
  }

  /** Makes the session one that only reads, and not for ever. */
  async #prepare(connection: mysql.Connection): Promise<void> {
    const { statementSeconds } = this.#limits;
    const session = connection.promise();
    await session.query("SET SESSION TRANSACTION READ ONLY");
    await session.query("SET SESSION time_zone = '+00:00'");
    const [[version]] = await session.query<mysql.RowDataPacket[]>(
      "SELECT VERSION() AS version",
    );
    await session.query(
      /mariadb/i.test(String(version?.version))
        ? `SET SESSION max_statement_time = ${statementSeconds}`
        : `SET SESSION MAX_EXECUTION_TIME = ${1000 * statementSeconds}`,
    );
  }
}

/** A connection, and a promise that is rejected when it is lost. */
interface Session {
  readonly connection: mysql.Connection;
  readonly lost: Promise<never>;
}

/** Rejects when a connection ends, whoever ends it. */
function lossOf(socket: Socket): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  socket.on("error", reject);
  socket.on("close", () => {
    reject(Object.assign(new Error(), { code: "PROTOCOL_CONNECTION_LOST" }));
  });
  promise.catch(() => {});
  return promise;
}

/** The rows of a stream, some thousands at once. */
async function* chunks(stream: Readable): AsyncGenerator<unknown[][]> {
  let rows: unknown[][] = [];
  for await (const row of stream) {
    if (rows.push(row) < BATCH_ROWS) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}
