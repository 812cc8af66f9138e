import { DatabaseSync } from "node:sqlite";
import { RecotemError } from "../../../core/errors.ts";
import { lockFile } from "../lock_file.ts";
import { type Database, DatabaseError, type SqlValue } from "./database.ts";

/** Longest wait for a reader, such as a dashboard. */
const BUSY_MILLISECONDS = 30_000;

/**
 * Opens an SQLite file, an empty one if there is none; no other run may have it open. What a transaction wrote is on the
 * medium when it ends.
 *
 * Needs read and write permission for the file.
 *
 * @throws {RecotemError} `search_error` when another run has it open.
 * @throws {DatabaseError} When it cannot be opened.
 */
export async function openSqlite(path: string): Promise<Database> {
  const lock = await lockFile(path).catch((error: Error) => {
    if (error instanceof RecotemError) throw error;
    throw new DatabaseError("other", error.name, { cause: error });
  });
  const database = open(path, lock);
  let last: Promise<unknown> = Promise.resolve();
  function query(sql: string, values: readonly SqlValue[] = []) {
    return failing(() => {
      const named = values.map((value, n) => [`$${n + 1}`, stored(value)]);
      return database.prepare(sql).all(Object.fromEntries(named));
    });
  }
  async function run<T>(
    work: Parameters<Database["transaction"]>[0],
  ): Promise<T> {
    failing(() => database.exec("BEGIN IMMEDIATE"));
    try {
      const result = await work({
        query: (...statement) => Promise.resolve(query(...statement)),
      });
      failing(() => database.exec("COMMIT"));
      return result as T;
    } catch (error) {
      if (database.isTransaction) failing(() => database.exec("ROLLBACK"));
      throw error;
    }
  }
  return {
    dialect: "sqlite",
    name: path,
    transaction<T>(work: Parameters<Database["transaction"]>[0]): Promise<T> {
      const result = last.then(() => run<T>(work));
      last = result.catch(() => {});
      return result;
    },
    async [Symbol.asyncDispose]() {
      await last;
      database.close();
      // Last of all: whoever closes a file gives up all locks of its process on it.
      lock.close();
    },
  };
}

function open(path: string, lock: Deno.FsFile): DatabaseSync {
  try {
    // With the rollback journal one file holds all, whoever copies it, and network disks can have it.
    return failing(() =>
      new DatabaseSync(path, { timeout: BUSY_MILLISECONDS })
    );
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** As Optuna writes times. */
function stored(value: SqlValue): string | number | null {
  return value instanceof Date
    ? value.toISOString().replace("T", " ").replace("Z", "000")
    : value;
}

function failing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new DatabaseError("other", error.message, { cause: error });
  }
}
