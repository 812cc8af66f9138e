/** A value that a statement takes. */
export type SqlValue = string | number | Date | null;

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** A transaction. */
export interface Session {
  /**
   * Runs one statement; its values are `$1`, `$2` and so on.
   *
   * @throws {DatabaseError}
   */
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

/** A database of one dialect of SQL. Times are UTC, in columns without a zone. */
export interface Database extends AsyncDisposable {
  readonly dialect: "sqlite" | "postgresql";
  /** How messages call it. */
  readonly name: string;
  /**
   * Runs `work` as one transaction, one after another; when it fails, nothing of it has happened.
   *
   * @throws {DatabaseError} When the database fails, or what `work` throws. After a failure to commit it is unknown what
   * has happened.
   */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/** A failure of a database. Its message says what happened as the end of a sentence, and holds no secret. */
export class DatabaseError extends Error {
  /** `DatabaseError`. */
  override readonly name = "DatabaseError";
  /** `lost`: it may be back soon; `credentials`: who asks is refused. */
  readonly kind: "lost" | "credentials" | "other";

  /** Creates the error. */
  constructor(
    kind: DatabaseError["kind"],
    message: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
    this.kind = kind;
  }
}
