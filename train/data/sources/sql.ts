import { readVariables } from "../../../core/config/read_variables.ts";
import { RecotemError } from "../../../core/errors.ts";
import type { Dsn } from "../../../core/recipe/parse_dsn.ts";
import { readDsn } from "../../../core/recipe/read_dsn.ts";
import type { SqlSource } from "../../../core/recipe/recipe.ts";
import { refuseAddress } from "../../../core/storage/refuse_address.ts";
import type { DataSource, RowBatch, SourceColumn } from "../data_source.ts";
import { MAX_EXPANSION } from "../max_expansion.ts";
import type { SourceDependencies } from "../source_dependencies.ts";
import { bindParameters } from "../sql/bind_parameters.ts";
import type { Database } from "../sql/database.ts";
import { databaseError } from "../sql/database_error.ts";
import { openDatabase } from "../sql/open_database.ts";

/**
 * Rows that PostgreSQL, MySQL, MariaDB or SQLite answers a query with, streamed: what is held is a few batches. The
 * session can write nothing, the query has a time limit (not in SQLite), its answer caps on rows
 * (`RECOTEM_MAX_SQL_ROWS`) and bytes. A server must be at a public address unless `RECOTEM_SQL_ALLOW_PRIVATE` is set.
 */
export class SqlDataSource implements DataSource {
  readonly type = "sql";
  readonly #config: SqlSource;
  readonly #dependencies: SourceDependencies;

  /** A source of what the query of `config` answers; nothing is connected yet. */
  constructor(config: SqlSource, dependencies: SourceDependencies) {
    this.#config = config;
    this.#dependencies = dependencies;
  }

  /** Connects, and checks that the query's names and the values for them agree. */
  async probe(signal: AbortSignal): Promise<void> {
    const { dsn, database } = await this.#open();
    this.#bind(dsn);
    await this.#guard(() => database.probe(signal), signal);
  }

  /** The asked-for columns, some thousands of rows at once. */
  async *batches(
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const { dsn, database } = await this.#open();
    const query = this.#bind(dsn);
    const batches = database.batches(query, columns, signal)
      [Symbol.asyncIterator]();
    let rows = 0;
    try {
      for (;;) {
        const next = await this.#guard(
          () => batches.next(),
          signal,
        );
        if (next.done) break;
        rows += next.value.rows;
        yield next.value;
      }
    } finally {
      await batches.return?.();
    }
    if (rows === 0) {
      throw new RecotemError(
        "datasource_error",
        "The query of the source answers no rows",
      );
    }
    this.#dependencies.events.info("sql_fetch_complete", {
      dialect: dsn.dialect,
      rows,
      columns: columns.map(({ name }) => name),
    });
  }

  async #open(): Promise<{ dsn: Dsn; database: Database }> {
    const { env = new Map(), events, maxBytes } = this.#dependencies;
    const { dsn_env, connect_timeout_seconds, statement_timeout_seconds } =
      this.#config;
    const variables = readVariables(
      env,
      ["RECOTEM_MAX_SQL_ROWS", "RECOTEM_SQL_ALLOW_PRIVATE"],
      events,
    );
    const dsn = readDsn(env, dsn_env);
    if (dsn.dialect === "sqlite") {
      events.warn("sql_statement_timeout_unsupported_on_sqlite", { dsn_env });
    } else if (dsn.tls.mode === "off" || dsn.tls.mode === "prefer") {
      events.warn("sql_dsn_tls_not_configured", {
        dsn_env,
        dialect: dsn.dialect,
      });
    }
    const limits = {
      connectSeconds: connect_timeout_seconds,
      statementSeconds: statement_timeout_seconds,
      maxRows: variables.RECOTEM_MAX_SQL_ROWS,
      maxBytes: maxBytes * MAX_EXPANSION,
    };
    events.debug("sql_source_initialized", { dialect: dsn.dialect, ...limits });
    const refuse = variables.RECOTEM_SQL_ALLOW_PRIVATE
      ? () => null
      : refuseAddress;
    return { dsn, database: await openDatabase(dsn, limits, refuse) };
  }

  #bind(dsn: Dsn): ReturnType<typeof bindParameters> {
    const { query, query_parameters } = this.#config;
    return bindParameters(query, query_parameters, dsn.dialect);
  }

  async #guard<T>(use: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await use();
    } catch (error) {
      signal.throwIfAborted();
      const { dsn_env, connect_timeout_seconds } = this.#config;
      if (error instanceof Error && error.name === "TimeoutError") {
        throw new RecotemError(
          "datasource_error",
          `The database that ${dsn_env} names did not answer within the ${connect_timeout_seconds} s of source.connect_timeout_seconds`,
        );
      }
      throw databaseError(error, dsn_env);
    }
  }
}
