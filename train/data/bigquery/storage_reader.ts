import { RecotemError } from "../../../core/errors.ts";
import type { GoogleToken } from "../../../core/storage/google_token.ts";
import { GrpcConnection, GrpcError } from "./grpc_call.ts";
import { readMessage, writeMessage } from "./protobuf.ts";

const SERVICE = "/google.cloud.bigquery.storage.v1.BigQueryRead";
const ARROW = 2;
const UNAVAILABLE = 14;
/** Longest wait for more of an answer. */
const SILENCE_MS = 60_000;
/** Tries in a row that bring no rows. */
const ATTEMPTS = 4;

/** Part of a table: the schema and one batch of rows, both as messages of Arrow's stream format. */
export interface ArrowPart {
  readonly schema: Uint8Array;
  readonly batch: Uint8Array;
}

/** Options of {@linkcode readTable}. */
export interface ReadTableOptions {
  /** Origin of the interface. */
  readonly origin: string;
  readonly token: Pick<GoogleToken, "headers">;
  /** The project that pays. */
  readonly project: string;
  readonly signal: AbortSignal;
}

/**
 * Columns of a table by BigQuery's Storage Read API, version 1: one stream, so that rows keep their order. A stream that
 * breaks off goes on behind the last row that came.
 *
 * @param table `projects/…/datasets/…/tables/…`
 * @param decode Reads a part; its number of rows is the place to go on from.
 * @throws {GrpcError} When the service refuses.
 */
export async function* readTable<T extends { readonly numRows: number }>(
  table: string,
  columns: readonly string[],
  decode: (part: ArrowPart) => T,
  { origin, token, project, signal }: ReadTableOptions,
): AsyncGenerator<T> {
  using connection = new GrpcConnection(origin, SILENCE_MS);
  async function* call(
    method: string,
    message: Uint8Array,
    routing: Readonly<Record<string, string>>,
  ): AsyncGenerator<Uint8Array> {
    yield* connection.call(`${SERVICE}/${method}`, message, {
      ...await token.headers(),
      "x-goog-request-params": new URLSearchParams(routing).toString(),
    }, signal);
  }

  const options = writeMessage(
    ...columns.map((column) => [1, column] as const),
  );
  const session = writeMessage([3, ARROW], [6, table], [8, options]);
  const request = writeMessage([1, `projects/${project}`], [2, session], [
    3,
    1,
  ]);
  let opened: ReturnType<typeof readMessage> | undefined;
  for await (
    const answer of call("CreateReadSession", request, {
      "read_session.table": table,
    })
  ) opened = readMessage(answer);
  const schema = readMessage(field(opened, 5)).get(1)?.[0];
  if (schema === undefined) throw notArrow();
  // A table without rows has no stream.
  const [stream] = opened?.get(10) ?? [];
  if (stream === undefined) return;
  const name = new TextDecoder().decode(field(readMessage(stream), 1));

  let offset = 0;
  for (let attempt = 1;; attempt++) {
    try {
      const rows = writeMessage([1, name], [2, offset]);
      for await (
        const answer of call("ReadRows", rows, { read_stream: name })
      ) {
        const message = readMessage(answer);
        if (!message.has(4)) continue;
        const batch = field(readMessage(field(message, 4)), 1);
        const part = decode({ schema, batch });
        offset += part.numRows;
        attempt = 1;
        yield part;
      }
      return;
    } catch (error) {
      const passing = error instanceof GrpcError &&
        error.status === UNAVAILABLE;
      if (!passing || attempt === ATTEMPTS) throw error;
    }
  }
}

function field(
  message: ReturnType<typeof readMessage> | undefined,
  number: number,
): Uint8Array {
  const value = message?.get(number)?.[0];
  if (value === undefined) throw notArrow();
  return value;
}

function notArrow(): RecotemError {
  return new RecotemError(
    "datasource_error",
    "BigQuery's Storage API answered with something else than Arrow",
  );
}
