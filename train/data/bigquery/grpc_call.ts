import { type ClientHttp2Session, connect } from "node:http2";
import { deadline } from "../../../core/std/async.ts";

/** Largest message that is taken. */
const MAX_MESSAGE_BYTES = 256 * 2 ** 20;

/** What a gRPC server ends a call with when it is no success. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  /** `grpc-status`: 7 is permission denied, 14 unavailable. */
  readonly status: number;

  /** @param text What the server says, for people. */
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** A connection that calls are made over. */
export class GrpcConnection implements Disposable {
  readonly #session: ClientHttp2Session;
  readonly #silenceMs: number;
  #failure: Error | null = null;

  /**
   * Connects to an origin, `https:` or, for emulators, `http:`; calls wait for it.
   *
   * @param silenceMs Longest wait for more of an answer.
   */
  constructor(origin: string, silenceMs: number) {
    this.#silenceMs = silenceMs;
    this.#session = connect(origin);
    this.#session.on("error", (error) => this.#failure = error);
  }

  /**
   * The messages that a method answers one message with. The server waits while they are used.
   *
   * @param method Path of the method.
   * @throws {GrpcError} When the call does not end in success.
   * @throws {Error} When the server says nothing any more.
   */
  async *call(
    method: string,
    message: Uint8Array,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const stream = this.#session.request({
      ":method": "POST",
      ":path": method,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    const abort = () => stream.destroy(signal.reason);
    signal.addEventListener("abort", abort);
    let end: Readonly<Record<string, unknown>> = {};
    for (const event of ["response", "trailers"] as const) {
      stream.on(event, (headers: object) => end = { ...end, ...headers });
    }
    stream.end(framed(message));
    try {
      yield* messages(
        steady(stream as AsyncIterable<Uint8Array>, this.#silenceMs),
      );
    } catch (error) {
      throw this.#failure ?? error;
    } finally {
      signal.removeEventListener("abort", abort);
      stream.destroy();
    }
    const status = end["grpc-status"];
    if (Number(status) === 0 && status !== undefined) return;
    throw new GrpcError(
      status === undefined ? ofHttp(Number(end[":status"])) : Number(status),
      decoded(String(end["grpc-message"] ?? "")),
    );
  }

  /** Closes the connection, calls that are under way included. */
  [Symbol.dispose](): void {
    this.#session.destroy();
  }
}

/** A byte for "not compressed", four for the length, the message. */
function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(5 + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, 5);
  return frame;
}

/** The same parts; fails when the next one does not come in time. */
async function* steady(
  parts: AsyncIterable<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  for (;;) {
    const next = await deadline(iterator.next(), silenceMs).catch((error) => {
      throw error.name === "TimeoutError"
        ? new Error(`the server said nothing for ${silenceMs / 1000} s`)
        : error;
    });
    if (next.done) return;
    yield next.value;
  }
}

async function* messages(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let wanted = 5;
  for await (const part of stream) {
    parts.push(part);
    held += part.length;
    while (held >= wanted) {
      const bytes = joined(parts, held);
      const length = new DataView(bytes.buffer).getUint32(1);
      if (bytes[0] !== 0 || length > MAX_MESSAGE_BYTES) {
        throw new RangeError(
          `A message of ${length} bytes, or a compressed one`,
        );
      }
      const end = 5 + length;
      if (held < end) {
        parts = [bytes];
        wanted = end;
        break;
      }
      yield bytes.subarray(5, end);
      const rest = bytes.subarray(end);
      parts = [rest];
      held = rest.length;
      wanted = 5;
    }
  }
}

function joined(
  parts: readonly Uint8Array[],
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The status of a call that a server refuses before gRPC has its say. */
function ofHttp(status: number): number {
  if (status === 401 || status === 403) return 7;
  return status === 429 || status >= 500 ? 14 : 2;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
