import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import postgres from "postgres";
import type { ServerDsn } from "../../../core/recipe/parse_dsn.ts";
import { RecotemError } from "../../../core/errors.ts";
import { established } from "../../../core/storage/established.ts";
import type { RowBatch, SourceColumn } from "../data_source.ts";
import { AnswerLimits } from "./answer_limits.ts";
import { BatchQueue } from "./batch_queue.ts";
import { connectToServer } from "./connect_to_server.ts";
import type { BoundQuery, Database, DatabaseLimits } from "./database.ts";
import { RowBatches } from "./_row_batches.ts";
import { RowTap } from "./_row_tap.ts";
import { tlsOptions } from "./_tls_options.ts";

/** Asks a server whether it speaks TLS; it answers with one byte. */
const TLS_REQUEST = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);

/** Values are sent as the text they are written as; the server reads them as the type it wants. */
const AS_WRITTEN = {
  serialize: (value: unknown): unknown => value,
  parse: (value: unknown): unknown => value,
};
const TYPES = {
  date: { to: 1184, from: [1082, 1114, 1184], ...AS_WRITTEN },
  json: { to: 114, from: [114, 3802], ...AS_WRITTEN },
  bytea: { to: 17, from: [17], ...AS_WRITTEN },
};

/** Not the simple protocol, which takes several statements in one text. */
const EXTENDED = { prepare: false, simple: false };

/** The type of floating-point numbers in `pg_type`; whole numbers have whatever type the server wants. */
const FLOAT8 = 701;

type Session = (sql: postgres.Sql, tap: RowTap) => Promise<void>;

/**
 * A database of PostgreSQL. One connection, one transaction that may only read and whose statements have a time limit;
 * rows come as fast as they are used. The server's text form of values is read.
 *
 * Needs `--allow-net=host:port`, and `--allow-env` for the two variables that the driver asks for whatever it is told:
 * `PGAPPNAME` and `PGTARGETSESSIONATTRS`.
 */
export class PostgresqlDatabase implements Database {
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
    await this.#session(async (sql) => {
      await sql.unsafe("SELECT 1", [], EXTENDED);
    }, signal);
  }

  async *batches(
    query: BoundQuery,
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const stop = new AbortController();
    let flow: Pick<Socket, "pause" | "resume"> | null = null;
    const queue = new BatchQueue({
      pause: () => flow?.pause(),
      resume: () => flow?.resume(),
    });
    const session = this.#session(async (sql, tap) => {
      flow = tap.flow;
      const rows = new RowBatches(
        columns,
        new AnswerLimits(this.#limits),
        queue,
      );
      tap.receive(rows);
      const parameters = query.values.map((value) =>
        typeof value === "number"
          ? Number.isInteger(value) ? String(value) : sql.typed(value, FLOAT8)
          : value
      );
      await sql.unsafe(query.text, parameters, EXTENDED);
      rows.flush();
    }, AbortSignal.any([signal, stop.signal]))
      .then(() => queue.close(), (error: unknown) => queue.fail(error));
    try {
      yield* queue;
    } finally {
      stop.abort();
      await session;
    }
  }

  /** Runs `use` in a transaction that may only read. */
  async #session(use: Session, signal: AbortSignal): Promise<void> {
    const tap = new RowTap(await this.#connect(signal));
    const abort = () => tap.destroy(signal.reason);
    signal.addEventListener("abort", abort);
    const sql = postgres(this.#options(tap));
    try {
      let failure: unknown;
      tap.on("error", (error) => failure ??= error);
      try {
        // Not the driver's own transaction: it would roll back over a connection that is gone, which ends the process.
        await sql.unsafe(
          `BEGIN; SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = ${
            1000 * this.#limits.statementSeconds
          }`,
        );
        await use(sql, tap);
      } catch (error) {
        signal.throwIfAborted();
        throw failure instanceof RecotemError ? failure : error;
      }
    } finally {
      signal.removeEventListener("abort", abort);
      await sql.end({ timeout: 0 });
      tap.destroy();
    }
  }

  /** A connection that the protocol's first message can be sent over. */
  async #connect(signal: AbortSignal): Promise<Socket> {
    const timeout = AbortSignal.timeout(1000 * this.#limits.connectSeconds);
    const stop = AbortSignal.any([signal, timeout]);
    const socket = await connectToServer(this.#dsn, this.#refuse, stop);
    const { mode } = this.#dsn.tls;
    if (mode === "off") return socket;
    socket.write(TLS_REQUEST);
    const answer = await firstBytes(socket, stop);
    if (answer === "N" && mode === "prefer") return socket;
    if (answer !== "S") {
      socket.destroy();
      throw Object.assign(new Error(), { code: "HANDSHAKE_NO_SSL_SUPPORT" });
    }
    const secured = connectTls({ socket, ...await tlsOptions(this.#dsn) });
    return await established(secured, "secureConnect", stop);
  }

  #options(tap: RowTap): postgres.Options<Record<string, never>> {
    const { host, port, user, password, database } = this.#dsn;
    const sockets = [tap];
    return {
      host,
      port,
      user,
      // As a function it is not looked up elsewhere when it is empty.
      pass: () => password,
      database,
      // A second connection is none of ours.
      socket: () => sockets.pop() ?? Promise.reject(lost()),
      ssl: false,
      sslnegotiation: "postgres",
      max: 1,
      idle_timeout: 0,
      connect_timeout: this.#limits.connectSeconds,
      max_lifetime: null,
      max_pipeline: 1,
      backoff: false,
      keep_alive: 60,
      prepare: false,
      debug: false,
      fetch_types: false,
      publications: "",
      target_session_attrs: undefined,
      onnotice() {},
      types: TYPES,
      connection: {
        application_name: "recotem",
        TimeZone: "UTC",
        DateStyle: "ISO",
        client_encoding: "UTF8",
      },
    } as unknown as postgres.Options<Record<string, never>>;
  }
}

/** What the driver calls a connection that is gone. */
function lost(): Error {
  return Object.assign(new Error(), { code: "CONNECTION_CLOSED" });
}

/** The first bytes of a connection as text; they must be one. */
function firstBytes(socket: Socket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const abort = () => socket.destroy(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    function settle(act: () => void): void {
      signal.removeEventListener("abort", abort);
      socket.off("error", reject);
      socket.off("close", closed);
      act();
    }
    function closed(): void {
      settle(() => reject(lost()));
    }
    socket.once("data", (bytes) => {
      socket.pause();
      settle(() => resolve(String.fromCharCode(...bytes)));
    });
    socket.on("error", reject);
    socket.on("close", closed);
  });
}
