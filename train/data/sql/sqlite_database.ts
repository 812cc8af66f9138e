import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { SqliteDsn } from "../../../core/recipe/parse_dsn.ts";
import { RecotemError } from "../../../core/errors.ts";
import type { RowBatch, SourceColumn } from "../data_source.ts";
import { resolveColumns } from "../resolve_columns.ts";
import { valueColumn } from "../value_column.ts";
import { AnswerLimits } from "./answer_limits.ts";
import type { BoundQuery, Database, DatabaseLimits } from "./database.ts";

const BATCH_ROWS = 10_000;

/**
 * A database file, opened to read only. Rows are read one after another, on this thread: between batches the query can
 * be stopped, within one it cannot. Needs `--allow-read` for the file.
 */
export class SqliteDatabase implements Database {
  readonly #dsn: SqliteDsn;
  readonly #limits: DatabaseLimits;

  /** Nothing is opened yet. */
  constructor(dsn: SqliteDsn, limits: DatabaseLimits) {
    this.#dsn = dsn;
    this.#limits = limits;
  }

  async probe(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const database = await this.#open();
    try {
      // A file that is no database is noticed when its first page is read.
      guarded(() =>
        database.prepare("SELECT count(*) FROM sqlite_master").get()
      );
    } finally {
      database.close();
    }
  }

  async *batches(
    query: BoundQuery,
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const limits = new AnswerLimits(this.#limits);
    const database = await this.#open();
    try {
      const statement = guarded(() => database.prepare(query.text));
      statement.setReadBigInts(true);
      const found = resolveColumns(
        "The answer of the query",
        columns,
        statement.columns().map(({ name }) => name),
      );
      const values = query.values.map((value): SQLInputValue =>
        typeof value === "boolean" ? Number(value) : value
      );
      const rows = guarded(() => statement.iterate(...values)) as Iterator<
        unknown
      >;
      for (let more = true; more;) {
        signal.throwIfAborted();
        const cells: unknown[][] = found.map(() => []);
        let bytes = 0;
        let count = 0;
        while (count < BATCH_ROWS) {
          const next = guarded(() => rows.next());
          more = next.done !== true;
          if (!more) break;
          count++;
          for (const [at, { column }] of found.entries()) {
            const cell = (next.value as Record<string, unknown>)[column.name];
            cells[at]!.push(cell);
            bytes += typeof cell === "string" ? cell.length : 8;
          }
        }
        limits.add(count, bytes);
        if (count > 0) {
          yield {
            rows: count,
            columns: new Map(
              found.map(({ column }, at) => [
                column.name,
                valueColumn(column, cells[at]!),
              ]),
            ),
          };
        }
      }
    } finally {
      database.close();
    }
  }

  async #open(): Promise<DatabaseSync> {
    const { path } = this.#dsn;
    // SQLite says of a missing file no more than that it cannot open it.
    await Deno.stat(path).catch((error: unknown) => {
      if (!(error instanceof Deno.errors.NotFound)) {
        throw failure("open", error);
      }
      throw new RecotemError(
        "datasource_error",
        `There is no database file ${path}`,
      );
    });
    return guarded(() => {
      const database = new DatabaseSync(path, { readOnly: true });
      database.exec("PRAGMA query_only = ON");
      return database;
    });
  }
}

/** What the text of an error that SQLite numbers 1 begins with, and what it means. */
const REASONS: readonly [RegExp, string][] = [
  [/^no such table/, "names a table that is not there"],
  [/^no such column/, "names a column that is not there"],
  [/syntax error/, "cannot be read: its syntax is wrong"],
];

const CODES: Readonly<Record<number, string>> = {
  5: "is locked by a writer",
  8: "was asked to write: the query must only read",
  11: "is damaged",
  14: "cannot be opened",
  26: "is not a database of SQLite",
};

function guarded<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw failure("read", error);
  }
}

/** SQLite's own text may quote the query or the data. */
function failure(step: string, error: unknown): RecotemError {
  if (error instanceof RecotemError) return error;
  const { errcode, message } = error as { errcode?: number; message?: string };
  const reason = REASONS.find(([text]) => text.test(message ?? ""))?.[1];
  return new RecotemError(
    "datasource_error",
    reason !== undefined
      ? `The query ${reason}`
      : CODES[(errcode ?? 0) & 255] !== undefined
      ? `The database file ${CODES[errcode! & 255]}`
      : `SQLite failed to ${step} the database file (${
        error instanceof Error ? error.constructor.name : typeof error
      }${errcode === undefined ? "" : ` ${errcode}`})`,
  );
}
