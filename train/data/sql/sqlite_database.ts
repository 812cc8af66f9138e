import {
  DatabaseSync,
  type SQLInputValue,
  type StatementSync,
} from "node:sqlite";
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
      const asked = guarded(() => database.prepare(query.text));
      const names = asked.columns().map(({ name }) => name);
      const found = resolveColumns("The answer of the query", columns, names);
      const statement = withEnd(database, query.text, names.length);
      statement.setReadBigInts(true);
      const keys = statement.columns().map(({ name }) => name);
      const end = keys.at(-1)!;
      const values = query.values.map((value): SQLInputValue =>
        typeof value === "boolean" ? Number(value) : value
      );
      const rows = guarded(() => statement.iterate(...values)) as Iterator<
        Readonly<Record<string, unknown>>
      >;
      for (let more = true; more;) {
        signal.throwIfAborted();
        const cells: unknown[][] = found.map(() => []);
        let bytes = 0;
        let count = 0;
        while (count < BATCH_ROWS) {
          const { done, value } = guarded(() => rows.next());
          if (done) throw new BrokenAnswer();
          more = value[end] !== 1n;
          if (!more) break;
          count++;
          for (const [at, { index }] of found.entries()) {
            const cell = value[keys[index]!];
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

/**
 * The query, and behind its answer one more row, whose last column is 1 and not 0. The runtime ends an answer that breaks
 * off without saying so; then this row does not come.
 */
function withEnd(
  database: DatabaseSync,
  query: string,
  columns: number,
): StatementSync {
  const text = query.trimEnd().replace(/;$/, "");
  try {
    return database.prepare(
      `SELECT answer.*, 0 FROM (${text}\n) AS answer UNION ALL SELECT ${
        "NULL, ".repeat(columns)
      }1`,
    );
  } catch {
    throw new RecotemError(
      "datasource_error",
      "The query of the source must be one SELECT, which only reads",
    );
  }
}

/** An answer that ends before its last row. */
class BrokenAnswer extends RecotemError {
  constructor() {
    super(
      "datasource_error",
      "SQLite broke off the answer of the query: a value in it cannot be computed, or the file is damaged",
    );
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
