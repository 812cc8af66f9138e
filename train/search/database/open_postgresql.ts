import type { Socket } from "node:net";
import postgres from "postgres";
import type { PostgresqlStorage } from "../../../core/recipe/study_storage.ts";
import { connectToServer } from "./_connect_to_server.ts";
import { postgresqlFailure } from "./postgresql_failure.ts";
import {
  type Database,
  DatabaseError,
  type Session,
  type SqlValue,
} from "./database.ts";

/** Who asks a database. */
export interface StorageCredentials {
  /** Its name in the database. */
  readonly user: string;
  /** Empty where the server asks for none. */
  readonly password: string;
}

/** Longest statement, waiting for another process included: that one holds a study for no longer than it draws. */
const STATEMENT_MILLISECONDS = 30_000;
/** Longest transaction, for a server that does not even say that it is too long. */
const TRANSACTION_MILLISECONDS = 45_000;

interface Client {
  readonly socket: Socket;
  readonly sql: postgres.Sql;
}

/**
 * A database of a PostgreSQL server, over one connection, which is made when it is first needed and again when it was
 * lost.
 *
 * Needs permission for `host:port`, for the variable `PGAPPNAME`, and to read the root certificate, if there is one.
 */
export function openPostgresql(
  storage: PostgresqlStorage,
  credentials: StorageCredentials,
): Database {
  let client: Client | null = null;
  let last: Promise<unknown> = Promise.resolve();
  async function connect(): Promise<Client> {
    try {
      const socket = await connectToServer(storage);
      return { socket, sql: clientOf(socket, storage, credentials) };
    } catch (error) {
      throw postgresqlFailure(error, storage);
    }
  }
  async function run<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { sql, socket } = client ??= await connect();
    const timer = setTimeout(() => socket.destroy(), TRANSACTION_MILLISECONDS);
    const session = sessionOf(sql, storage);
    try {
      // Not the client's own transaction: it rolls back over a connection that is gone, which ends the process.
      await session.query("BEGIN");
      const result = await work(session);
      // After a statement that failed there is nothing to commit, which the server does not call a failure.
      const { command } = await ask(sql, storage, "COMMIT");
      if (command !== "COMMIT") throw undone();
      return result;
    } catch (error) {
      // The server rolls back for a connection that ends; one that has failed may never answer.
      socket.destroy();
      client = null;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    dialect: "postgresql",
    name: `${storage.database} on ${storage.host}:${storage.port}`,
    transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
      const result = last.then(() => run(work));
      last = result.catch(() => {});
      return result;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await client?.sql.end({ timeout: 5 });
    },
  };
}

function clientOf(
  socket: Socket,
  { host, port, database }: PostgresqlStorage,
  { user, password }: StorageCredentials,
): postgres.Sql {
  const sockets = [socket];
  // Everything is said: what is not, the client looks for in the environment.
  const options = {
    host,
    port,
    database,
    user,
    pass: () => password,
    // A connection of its own would be none of ours.
    socket: () => sockets.pop() ?? Promise.reject(lost()),
    max: 1,
    ssl: false,
    sslnegotiation: null,
    idle_timeout: 0,
    connect_timeout: 10,
    max_lifetime: null,
    max_pipeline: 100,
    backoff: false,
    keep_alive: 60,
    prepare: false,
    debug: false,
    fetch_types: false,
    publications: "alltables",
    target_session_attrs: "read-write",
    onnotice() {},
    connection: {
      application_name: "recotem",
      TimeZone: "UTC",
      statement_timeout: STATEMENT_MILLISECONDS,
      idle_in_transaction_session_timeout: STATEMENT_MILLISECONDS,
    },
  };
  // The declaration lacks some of them.
  return postgres(options as postgres.Options<Record<string, never>>);
}

/** What the client calls a connection that is gone. */
function lost(): Error {
  return Object.assign(new Error(), { code: "CONNECTION_CLOSED" });
}

function sessionOf(
  sql: postgres.Sql,
  storage: PostgresqlStorage,
): Session {
  return {
    query: (statement, values) => ask(sql, storage, statement, values),
  };
}

async function ask(
  sql: postgres.Sql,
  storage: PostgresqlStorage,
  statement: string,
  values: readonly SqlValue[] = [],
): Promise<postgres.RowList<postgres.Row[]>> {
  try {
    return await sql.unsafe(statement, [...values]);
  } catch (error) {
    throw postgresqlFailure(error, storage);
  }
}

function undone(): DatabaseError {
  return new DatabaseError(
    "other",
    "a statement failed, and all others of its transaction were undone with it",
  );
}
