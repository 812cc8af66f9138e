import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

const DATA_ROW = "D".charCodeAt(0);
const ROW_DESCRIPTION = "T".charCodeAt(0);

/** Longest message that is taken; one row is one message. */
const MAX_MESSAGE_BYTES = 16 * 2 ** 20;

/** What a query's answer is given to, straight from the bytes of the protocol. */
export interface RowSink {
  /** The body of a RowDescription message. */
  describe(body: Uint8Array): void;
  /** The body of a DataRow message lies at `from` to `to`; the bytes are overwritten later. */
  row(bytes: Uint8Array, from: number, to: number): void;
}

/**
 * Stands between the connection to a PostgreSQL server and the driver: takes the rows out of what the server says and
 * gives them to a sink, whole columns at a time being much cheaper than an object for each row. All else passes, so that
 * the driver, which speaks the protocol, sees an answer without rows.
 */
export class RowTap extends Duplex {
  readonly #socket: Socket;
  /** The start of a message whose end has not come. */
  #rest: Uint8Array<ArrayBufferLike> = new Uint8Array();
  #sink: RowSink | null = null;

  /** A tap on a connection that is ready for the protocol's first message. */
  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on("data", (bytes: Uint8Array) => this.#take(bytes));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
    // It may stand still since it was asked for TLS.
    socket.resume();
  }

  /** Gives the rows that come from now on to `sink`; what it throws ends the connection. */
  receive(sink: RowSink): void {
    this.#sink = sink;
  }

  /** The connection, to stop and go on; the driver's own half has nothing to hold back. */
  get flow(): Pick<Socket, "pause" | "resume"> {
    return this.#socket;
  }

  #take(bytes: Uint8Array): void {
    // A Buffer's slices would share its bytes, which are overwritten.
    let data: Uint8Array = new Uint8Array(
      bytes.buffer,
      bytes.byteOffset,
      bytes.length,
    );
    if (this.#rest.length > 0) {
      data = new Uint8Array(this.#rest.length + bytes.length);
      data.set(this.#rest);
      data.set(bytes, this.#rest.length);
    }
    try {
      const used = this.#messages(data);
      this.#rest = data.slice(used);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  /** Handles the whole messages in `data`; answers where the first that is not whole begins. */
  #messages(data: Uint8Array): number {
    let at = 0;
    while (at + 5 <= data.length) {
      const length = data[at + 1]! << 24 | data[at + 2]! << 16 |
        data[at + 3]! << 8 | data[at + 4]!;
      if (length < 4 || length > MAX_MESSAGE_BYTES) {
        throw new RangeError(`A message of ${length} bytes`);
      }
      const end = at + 1 + length;
      if (end > data.length) break;
      const type = data[at];
      if (type === DATA_ROW && this.#sink !== null) {
        this.#sink.row(data, at + 5, end);
      } else {
        if (type === ROW_DESCRIPTION) {
          this.#sink?.describe(data.subarray(at + 5, end));
        }
        this.push(Buffer.from(data.slice(at, end).buffer));
      }
      at = end;
    }
    return at;
  }

  override _read(): void {}

  override _write(
    bytes: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(bytes, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(
    error: Error | null,
    done: (error: Error | null) => void,
  ): void {
    this.#socket.destroy();
    done(error);
  }
}
