import type { BigQuerySettings } from "../../../core/recipe/bigquery_settings.ts";
import { RecotemError } from "../../../core/errors.ts";
import { delay } from "../../../core/std/async.ts";
import { fetchFailure } from "../../../core/storage/fetch_failure.ts";
import type { GoogleToken } from "../../../core/storage/google_token.ts";
import type { QueryParameter } from "./query_parameters.ts";

const ATTEMPTS = 4;
const FIRST_RETRY_MS = 250;
/** Longest that one request waits for a query to end; then it is asked again. */
const POLL_MS = 10_000;
/** Longest wait for an answer. */
const ANSWER_TIMEOUT_MS = 60_000;
const PAGE_ROWS = 50_000;

/** A query to run. */
export interface BigQueryQuery {
  readonly query: string;
  readonly parameters: readonly QueryParameter[];
  readonly maximumBytesBilled: number | null;
}

/** A column of an answer. */
export interface BigQueryField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
}

/** A query that has run. */
export interface FinishedQuery {
  readonly fields: readonly BigQueryField[];
  readonly rows: number;
  /** Where the answer lies: `projects/…/datasets/…/tables/…`; null when nowhere. */
  readonly table: string | null;
  /** Path of its job's answer. */
  readonly path: string;
  readonly location: string;
}

/** Parts of BigQuery's answers, all of which may be missing. */
interface Answer {
  readonly jobReference?: {
    readonly jobId: string;
    readonly location?: string;
  };
  readonly jobComplete?: boolean;
  readonly status?: { readonly errorResult?: Fault };
  readonly statistics?: { readonly totalBytesProcessed?: string };
  readonly configuration?: {
    readonly query?: {
      readonly destinationTable?: {
        readonly projectId: string;
        readonly datasetId: string;
        readonly tableId: string;
      };
    };
  };
  readonly schema?: { readonly fields?: readonly BigQueryField[] };
  readonly totalRows?: string;
  readonly pageToken?: string;
  readonly rows?: readonly { readonly f: readonly { readonly v: unknown }[] }[];
  readonly error?: { readonly message?: string; readonly errors?: Fault[] };
}

interface Fault {
  readonly reason?: string;
  readonly message?: string;
}

interface Request {
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** BigQuery's JSON interface, version 2: runs queries and answers their rows a page at a time. */
export class BigQueryApi {
  readonly #settings: BigQuerySettings;
  readonly #token: Pick<GoogleToken, "headers">;
  readonly #project: string;

  /** @param project The project that pays. */
  constructor(
    settings: BigQuerySettings,
    token: Pick<GoogleToken, "headers">,
    project: string,
  ) {
    this.#settings = settings;
    this.#token = token;
    this.#project = project;
  }

  /** Bytes that a query would read; checks it, runs nothing and costs nothing. */
  async estimate(
    query: BigQueryQuery,
    signal: AbortSignal,
  ): Promise<number | null> {
    const { statistics } = await this.#send({
      path: "/jobs",
      body: configuration(query, true),
    }, signal);
    const bytes = statistics?.totalBytesProcessed;
    return bytes === undefined ? null : Number(bytes);
  }

  /** Runs a query to its end; one that is no longer waited for is cancelled. */
  async run(
    query: BigQueryQuery,
    signal: AbortSignal,
  ): Promise<FinishedQuery> {
    const job = await this.#send({
      path: "/jobs",
      body: configuration(query, false),
    }, signal);
    requireSuccess(job.status?.errorResult);
    const { jobId, location = "" } = job.jobReference!;
    const path = encodeURIComponent(jobId);
    try {
      let answer: Answer;
      do {
        answer = await this.#send({
          path: `/queries/${path}`,
          parameters: { location, maxResults: "0", timeoutMs: `${POLL_MS}` },
        }, signal);
      } while (!answer.jobComplete);
      const done = await this.#send({
        path: `/jobs/${path}`,
        parameters: { location },
      }, signal);
      requireSuccess(done.status?.errorResult);
      const table = done.configuration?.query?.destinationTable;
      return {
        fields: answer.schema?.fields ?? [],
        rows: Number(answer.totalRows ?? 0),
        table: table === undefined
          ? null
          : `projects/${table.projectId}/datasets/${table.datasetId}/tables/${table.tableId}`,
        path,
        location,
      };
    } catch (error) {
      if (signal.aborted) {
        await this.#send(
          {
            path: `/jobs/${path}/cancel`,
            parameters: { location },
            body: {},
          },
          AbortSignal.timeout(ANSWER_TIMEOUT_MS),
        ).catch(() => {});
      }
      throw error;
    }
  }

  /** The rows of a query's answer as JSON, a page at a time; times are microseconds. */
  async *pages(
    { path, location }: FinishedQuery,
    signal: AbortSignal,
  ): AsyncGenerator<readonly (readonly unknown[])[]> {
    let pageToken: string | undefined;
    do {
      const page = await this.#send({
        path: `/queries/${path}`,
        parameters: {
          location,
          maxResults: `${PAGE_ROWS}`,
          "formatOptions.useInt64Timestamp": "true",
          ...(pageToken !== undefined && { pageToken }),
        },
      }, signal);
      if (page.rows) yield page.rows.map(({ f }) => f.map(({ v }) => v));
      pageToken = page.pageToken;
    } while (pageToken);
  }

  /** Sends a request, again while the service is busy or fails; one that starts something only when it did not. */
  async #send(request: Request, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 1;; attempt++) {
      const isSafe = request.body === undefined;
      try {
        const answer = await this.#fetch(request, signal);
        if (answer.ok) return await answer.json();
        const passing = answer.status === 429 || answer.status === 503 ||
          (isSafe && answer.status >= 500);
        if (!passing || attempt === ATTEMPTS) throw await refusal(answer);
        await answer.body?.cancel();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        if (!isSafe || attempt === ATTEMPTS) throw broken(error);
      }
      await delay(FIRST_RETRY_MS * 2 ** (attempt - 1), { signal });
    }
  }

  async #fetch(
    { path, parameters, body }: Request,
    signal: AbortSignal,
  ): Promise<Response> {
    const url = new URL(
      `/bigquery/v2/projects/${encodeURIComponent(this.#project)}${path}`,
      this.#settings.api,
    );
    for (const [name, value] of Object.entries(parameters ?? {})) {
      if (value !== "") url.searchParams.set(name, value);
    }
    return await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...await this.#token.headers(),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
  }
}

function configuration(
  { query, parameters, maximumBytesBilled }: BigQueryQuery,
  dryRun: boolean,
): unknown {
  return {
    configuration: {
      dryRun,
      query: {
        query,
        useLegacySql: false,
        ...(dryRun && { useQueryCache: false }),
        ...(parameters.length > 0 && {
          parameterMode: "NAMED",
          queryParameters: parameters,
        }),
        ...(maximumBytesBilled !== null && {
          maximumBytesBilled: String(maximumBytesBilled),
        }),
      },
    },
  };
}

function requireSuccess(fault: Fault | undefined): void {
  if (fault !== undefined) throw failure(fault, "the query failed");
}

function broken(error: TypeError): RecotemError {
  return new RecotemError(
    "datasource_error",
    `The connection to BigQuery failed: ${fetchFailure(error)}`,
  );
}

async function refusal(answer: Response): Promise<RecotemError> {
  const text = await answer.text();
  let error: Answer["error"];
  try {
    error = (JSON.parse(text) as Answer).error;
  } catch {
    // A proxy's page; its status says enough.
  }
  return failure(
    {
      ...error?.errors?.[0],
      ...(error?.message && { message: error.message }),
    },
    `status ${answer.status}`,
  );
}

function failure({ reason, message }: Fault, what: string): RecotemError {
  const text = message?.split("\n")[0]?.slice(0, 300);
  return new RecotemError(
    "datasource_error",
    `BigQuery answered with ${
      [
        reason === undefined ? what : `${what} (${reason})`,
        ...(text ? [text] : []),
      ].join(": ")
    }`,
  );
}
