import { readVariables } from "../../../core/config/read_variables.ts";
import { RecotemError } from "../../../core/errors.ts";
import {
  type BigQuerySettings,
  bigQuerySettings,
} from "../../../core/recipe/bigquery_settings.ts";
import type { BigQuerySource } from "../../../core/recipe/recipe.ts";
import { GoogleToken } from "../../../core/storage/google_token.ts";
import type {
  BigQueryApi,
  BigQueryQuery,
  FinishedQuery,
} from "../bigquery/bigquery_api.ts";
import type { FieldKind } from "../bigquery/field_kind.ts";
import { queryParameters } from "../bigquery/query_parameters.ts";
import type { DataSource, RowBatch, SourceColumn } from "../data_source.ts";
import { resolveColumns } from "../resolve_columns.ts";
import type { SourceDependencies } from "../source_dependencies.ts";

const SCOPE = "https://www.googleapis.com/auth/bigquery";
const PERMISSION_DENIED = 7;

/** The interfaces, and who asks them for whom. */
interface Connection {
  readonly api: BigQueryApi;
  readonly settings: BigQuerySettings;
  readonly token: GoogleToken;
  readonly project: string;
}

/** A column that is read, where it stands in the answer, and what it holds. */
interface FoundColumn {
  readonly column: SourceColumn;
  readonly index: number;
  readonly kind: FieldKind;
}

/**
 * Rows that BigQuery answers a query with, in the order of the query, read by the Storage API as they are used. Where
 * the credentials do not allow that, they are read as JSON, unless `RECOTEM_BQ_REQUIRE_STORAGE_API` is set.
 */
export class BigQueryDataSource implements DataSource {
  readonly type = "bigquery";
  readonly #config: BigQuerySource;
  readonly #dependencies: SourceDependencies;

  /** A source of what the query of `config` answers; nothing is connected yet. */
  constructor(config: BigQuerySource, dependencies: SourceDependencies) {
    this.#config = config;
    this.#dependencies = dependencies;
  }

  /** Lets BigQuery check the query, which is free, and tells how much it would read: `bigquery_estimate`. */
  async probe(signal: AbortSignal): Promise<void> {
    await guarded(signal, async () => {
      const { api } = await this.#connect();
      const bytes = await api.estimate(this.#query(), signal);
      this.#dependencies.events.info("bigquery_estimate", {
        bytes_processed: bytes,
        maximum_bytes_billed: this.#config.maximum_bytes_billed,
      });
    });
  }

  /** The asked-for columns, in batches as BigQuery makes them. */
  async *batches(
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const { events } = this.#dependencies;
    events.info("bigquery_source_fetch_start", {});
    const iterator = this.#rows(columns, signal);
    let rows = 0;
    try {
      for (;;) {
        const next = await guarded(signal, () => iterator.next());
        if (next.done) break;
        rows += next.value.rows;
        yield next.value;
      }
    } finally {
      await iterator.return(undefined);
    }
    if (rows === 0) {
      throw new RecotemError(
        "datasource_error",
        "The query of the source answers no rows",
      );
    }
    events.info("bigquery_source_fetch_done", {
      rows,
      columns: columns.map(({ name }) => name),
    });
  }

  async *#rows(
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const { fieldKind } = await import("../bigquery/field_kind.ts");
    const connection = await this.#connect();
    const answer = await connection.api.run(this.#query(), signal);
    const found = resolveColumns(
      "The answer of the query",
      columns,
      answer.fields.map(({ name }) => name),
    ).map((resolved) => ({
      ...resolved,
      kind: fieldKind(answer.fields[resolved.index]!, resolved.column),
    }));
    if (answer.table === null) {
      yield* this.#asJson(connection, answer, found, signal);
      return;
    }
    const stored = this.#stored(connection, answer.table, found, signal);
    const first = await this.#firstStored(stored);
    if (first === null) {
      yield* this.#asJson(connection, answer, found, signal);
      return;
    }
    if (first.done) return;
    yield first.value;
    yield* stored;
  }

  /** The first batch by the Storage API, or null where it may not be used. */
  async #firstStored(
    batches: AsyncGenerator<RowBatch>,
  ): Promise<IteratorResult<RowBatch> | null> {
    const { GrpcError } = await import("../bigquery/grpc_call.ts");
    try {
      return await batches.next();
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      const { env = new Map(), events } = this.#dependencies;
      const { RECOTEM_BQ_REQUIRE_STORAGE_API: required } = readVariables(
        env,
        ["RECOTEM_BQ_REQUIRE_STORAGE_API"],
        events,
      );
      if (error.status !== PERMISSION_DENIED || required) {
        throw storageError(error.status, required);
      }
      events.warn("bigquery_storage_fallback", { reason: "api_error" });
      return null;
    }
  }

  async *#stored(
    { settings, token, project }: Connection,
    table: string,
    found: readonly FoundColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const { readTable } = await import("../bigquery/storage_reader.ts");
    const { arrowColumn, arrowTable } = await import(
      "../bigquery/arrow_batch.ts"
    );
    const parts = readTable(
      table,
      found.map(({ column }) => column.name),
      arrowTable,
      { origin: settings.storage, token, project, signal },
    );
    for await (const batch of parts) {
      if (batch.numRows === 0) continue;
      yield {
        rows: batch.numRows,
        columns: new Map(
          found.map(({ column, kind }) => [
            column.name,
            arrowColumn(batch, column, kind),
          ]),
        ),
      };
    }
  }

  async *#asJson(
    { api }: Connection,
    answer: FinishedQuery,
    found: readonly FoundColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const { jsonColumn } = await import("../bigquery/json_cells.ts");
    for await (const rows of api.pages(answer, signal)) {
      yield {
        rows: rows.length,
        columns: new Map(
          found.map(({ column, index, kind }) => [
            column.name,
            jsonColumn(column, kind, rows.map((row) => row[index] ?? null)),
          ]),
        ),
      };
    }
  }

  #query(): BigQueryQuery {
    const { query, query_parameters, maximum_bytes_billed } = this.#config;
    return {
      query,
      parameters: queryParameters(query_parameters ?? {}),
      maximumBytesBilled: maximum_bytes_billed,
    };
  }

  async #connect(): Promise<Connection> {
    const { env = new Map() } = this.#dependencies;
    const settings = bigQuerySettings(env);
    const token = new GoogleToken({
      identity: settings.identity,
      scope: SCOPE,
      now: Date.now,
    });
    const project = this.#config.project ?? settings.project ??
      await token.project();
    if (project === null) {
      throw new RecotemError(
        "datasource_error",
        "No project is known that pays for the query: set source.project or GOOGLE_CLOUD_PROJECT",
      );
    }
    const { BigQueryApi } = await import("../bigquery/bigquery_api.ts");
    const api = new BigQueryApi(settings, token, project);
    return { api, settings, token, project };
  }
}

/** Makes every failure one of the data source. */
async function guarded<T>(
  signal: AbortSignal,
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RecotemError) throw error;
    if (error instanceof Error && error.name === "GrpcError") {
      throw storageError((error as Error & { status: number }).status, false);
    }
    throw new RecotemError(
      "datasource_error",
      `BigQuery cannot be asked: ${
        error instanceof Error ? error.message.split("\n")[0] : String(error)
      }`,
      { cause: error },
    );
  }
}

function storageError(status: number, required: boolean): RecotemError {
  const denied = status === PERMISSION_DENIED;
  return new RecotemError(
    "datasource_error",
    denied && required
      ? "The credentials may not use BigQuery's Storage API, which RECOTEM_BQ_REQUIRE_STORAGE_API asks for: they need bigquery.readsessions.create"
      : `BigQuery's Storage API failed with status ${status} of gRPC`,
    { details: { reason: denied ? "api_error" : "non_iam_error_no_fallback" } },
  );
}
