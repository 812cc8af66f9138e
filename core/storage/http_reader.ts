const MAX_HEAD_BYTES = 64 * 1024;
const MAX_CHUNK_HEAD_BYTES = 1024;
const BUFFER_BYTES = 64 * 1024;
const NOTHING = new Uint8Array();
/** What no line of a head may hold: it would go on to whoever is told of it. */
// deno-lint-ignore no-control-regex -- these are looked for
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** What an answer is read from. */
interface Source {
  /** Fills a part of the buffer; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** Status and headers of an answer; names in lower case, those that come twice joined by commas. */
export interface HttpHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads one answer of HTTP/1.1 from a connection: {@linkcode HttpReader.head}, then {@linkcode HttpReader.body}. */
export class HttpReader {
  readonly #source: Source;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  /** What was read and not taken yet. */
  #rest: Uint8Array = NOTHING;
  #head: HttpHead | null = null;

  /** Reads nothing yet. */
  constructor(source: Source) {
    this.#source = source;
  }

  /**
   * The head; interim ones (1xx) are passed over.
   *
   * @throws {Error} When what comes is not one, or longer than 64 KiB.
   */
  async head(): Promise<HttpHead> {
    let left = MAX_HEAD_BYTES;
    const line = async (): Promise<string> => {
      const text = await this.#line(left);
      left -= text.length;
      if (CONTROL.test(text)) {
        throw new Error("The answer has a header with a control character");
      }
      return text;
    };
    for (;;) {
      const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(await line())?.[1];
      if (status === undefined) throw new Error("The answer is no HTTP");
      const headers: Record<string, string> = Object.create(null);
      for (let text = await line(); text !== ""; text = await line()) {
        const colon = text.indexOf(":");
        if (colon < 1) throw new Error("The answer has a malformed header");
        const name = text.slice(0, colon).toLowerCase();
        const value = text.slice(colon + 1).trim();
        headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
      }
      if (status.startsWith("1")) continue;
      return this.#head = { status: Number(status), headers };
    }
  }

  /**
   * The bytes of the body, to be asked for after the head. A piece is gone when the next is asked for.
   *
   * @throws {Error} Where the body breaks off.
   */
  async *body(): AsyncGenerator<Uint8Array> {
    const { status, headers } = this.#head!;
    if (status === 204 || status === 304) return;
    if (/\bchunked\b/i.test(headers["transfer-encoding"] ?? "")) {
      return yield* this.#chunks();
    }
    const length = headers["content-length"];
    if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) {
        throw new Error("The answer has a malformed length");
      }
      return yield* this.#bytes(Number(length));
    }
    let part: Uint8Array | null;
    while ((part = await this.#next()) !== null) yield part;
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const line = await this.#line(MAX_CHUNK_HEAD_BYTES);
      const size = /^([0-9a-f]{1,12})\s*(?:;|$)/i.exec(line)?.[1];
      if (size === undefined) throw new Error("The body has a malformed chunk");
      if (/^0+$/.test(size)) return;
      yield* this.#bytes(parseInt(size, 16));
      if (await this.#line(MAX_CHUNK_HEAD_BYTES) !== "") {
        throw new Error("The body has a chunk that is longer than it says");
      }
    }
  }

  async *#bytes(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      const part = await this.#next();
      if (part === null) throw new Error("The body breaks off");
      this.#rest = part.subarray(left);
      const taken = part.subarray(0, left);
      left -= taken.length;
      yield taken;
    }
  }

  /** What is there, or what comes next; null at the end. */
  async #next(): Promise<Uint8Array | null> {
    if (this.#rest.length > 0) {
      const rest = this.#rest;
      this.#rest = NOTHING;
      return rest;
    }
    const count = await this.#source.read(this.#buffer);
    return count === null ? null : this.#buffer.subarray(0, count);
  }

  /** The text up to the end of the line, without that. */
  async #line(most: number): Promise<string> {
    const decoder = new TextDecoder("latin1");
    let text = "";
    for (;;) {
      const part = await this.#next();
      if (part === null) throw new Error("The answer breaks off");
      const end = part.indexOf(10);
      text += decoder.decode(end < 0 ? part : part.subarray(0, end));
      if (text.length > most) throw new Error("The answer has too long a line");
      if (end < 0) continue;
      this.#rest = part.subarray(end + 1);
      return text.endsWith("\r") ? text.slice(0, -1) : text;
    }
  }
}
