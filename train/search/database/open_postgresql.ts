import type { Socket } from "node:net";
import postgres from "postgres";
import type { PostgresqlStorage } from "../../../core/recipe/study_storage.ts";
import { connectToServer } from "./_connect_to_server.ts";
import { postgresqlFailure } from "./_postgresql_failure.ts";
import type { Database, Session, SqlValue } from "./database.ts";

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
  let client: Promise<Client> | null = null;
  async function connect(): Promise<Client> {
    const forget = () => client = null;
    try {
      const socket = await connectToServer(storage);
      return { socket, sql: clientOf(socket, storage, credentials, forget) };
    } catch (error) {
      forget();
      throw error;
    }
  }
  return {
    dialect: "postgresql",
    name: `${storage.database} on ${storage.host}:${storage.port}`,
    async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
      const thrown: { error?: unknown } = {};
      let timer: ReturnType<typeof setTimeout> | undefined;
      try {
        const { sql, socket } = await (client ??= connect());
        timer = setTimeout(() => socket.destroy(), TRANSACTION_MILLISECONDS);
        return await sql.begin((transaction) =>
          work(sessionOf(transaction, storage)).catch((error) => {
            thrown.error = error;
            throw error;
          })
        ) as T;
      } catch (error) {
        // Without a connection the client cannot roll back, and fails with that.
        throw "error" in thrown
          ? thrown.error
          : postgresqlFailure(error, storage);
      } finally {
        clearTimeout(timer);
      }
    },
    async [Symbol.asyncDispose]() {
      const last = await client?.catch(() => null);
      await last?.sql.end({ timeout: 5 });
    },
  };
}

function clientOf(
  socket: Socket,
  { host, port, database }: PostgresqlStorage,
  { user, password }: StorageCredentials,
  onclose: () => void,
): postgres.Sql {
  // Everything is said: what is not, the client looks for in the environment.
  const options = {
    host,
    port,
    database,
    user,
    pass: () => password,
    socket: () => socket,
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
    onclose,
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

function sessionOf(
  transaction: postgres.TransactionSql,
  storage: PostgresqlStorage,
): Session {
  return {
    async query(sql: string, values: readonly SqlValue[] = []) {
      try {
        return await transaction.unsafe(sql, [...values]);
      } catch (error) {
        throw postgresqlFailure(error, storage);
      }
    },
  };
}
