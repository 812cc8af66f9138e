import { isUtf8 } from "node:buffer";
import { RecotemError } from "../../../core/errors.ts";
import type { EncodedTexts } from "../data_source.ts";
import { CellRanges } from "./_cell_ranges.ts";
import { CsvTokenizer } from "./_csv_tokenizer.ts";

/**
 * Bytes that are collected before records are sought in them; one block gives one batch. Few enough to stay near the
 * processor until their cells have been read.
 */
const BLOCK_BYTES = 2 ** 18;
/** A longer record is a quote that was never closed rather than data. */
const MAX_RECORD_BYTES = 16 * 2 ** 20;
const CR = 0x0d;
const LF = 0x0a;
const QUOTE = 0x22;

/** How {@linkcode readCsv} reads. */
export interface CsvFormat {
  /** For messages. */
  readonly path: string;
  /** One character or more. */
  readonly delimiter: string;
  /** Lines that are not empty before the line of names; they may hold anything. */
  readonly header: number;
}

/** Cells of the wanted columns, in their order; an empty one is a missing value. */
export interface CsvBatch {
  /** Data rows before this batch. */
  readonly firstRow: number;
  readonly rows: number;
  readonly columns: readonly EncodedTexts[];
}

/**
 * Reads UTF-8 CSV front to back, a batch per 256 KiB, and marks only the cells of the columns that `select` chooses
 * from the header by index.
 *
 * Every row must have as many fields as the header. Throws `datasource_error` for that, for misplaced quotes (with row
 * and line), for bytes that are not UTF-8 and for a missing header.
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array<ArrayBuffer>>,
  format: CsvFormat,
  select: (names: readonly string[]) => readonly number[],
): AsyncGenerator<CsvBatch> {
  const reader = new CsvReader(format, select);
  let rest: Uint8Array<ArrayBuffer> = new Uint8Array();
  let blocks: Uint8Array[] = [];
  let length = 0;

  function joined(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(length);
    let offset = 0;
    for (const block of blocks) {
      all.set(block, offset);
      offset += block.length;
    }
    return all;
  }

  for await (const chunk of pieces(bytes)) {
    blocks.push(chunk);
    length += chunk.length;
    if (length < rest.length + BLOCK_BYTES) continue;
    const all = joined();
    const { batch, consumed } = reader.read(all, false);
    if (batch.rows > 0) yield batch;
    rest = all.subarray(consumed);
    blocks = [rest];
    length = rest.length;
  }
  const { batch } = reader.read(joined(), true);
  if (batch.rows > 0) yield batch;
}

/** The same bytes, no more than a block at once. */
async function* pieces(
  bytes: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
      yield chunk.subarray(at, at + BLOCK_BYTES);
    }
  }
}

class CsvReader {
  readonly #format: CsvFormat;
  readonly #select: (names: readonly string[]) => readonly number[];
  readonly #tokenizer: CsvTokenizer;
  #cells: readonly CellRanges[] = [];
  #started = false;
  #linesToSkip: number;
  #width = -1;
  #wanted: readonly number[] = [];
  #rows = 0;

  constructor(
    format: CsvFormat,
    select: (names: readonly string[]) => readonly number[],
  ) {
    const { delimiter } = format;
    if (delimiter === "" || /["\r\n]/.test(delimiter)) {
      throw new RecotemError(
        "datasource_error",
        `Cannot use ${
          JSON.stringify(delimiter)
        } as source.delimiter; it must not be empty or hold quotes or line ends`,
      );
    }
    this.#format = format;
    this.#select = select;
    this.#linesToSkip = format.header;
    this.#tokenizer = new CsvTokenizer(
      format.path,
      new TextEncoder().encode(delimiter),
    );
  }

  /** Reads the whole records in `bytes`; `consumed` is where the first record starts that is not all there. */
  read(
    bytes: Uint8Array,
    last: boolean,
  ): { batch: CsvBatch; consumed: number } {
    const tokenizer = this.#tokenizer;
    const end = bytes.length;
    // A record ends behind a line end, so no character is cut there.
    this.#requireUtf8(
      last ? bytes : bytes.subarray(0, bytes.lastIndexOf(LF) + 1),
    );
    const firstRow = this.#rows;
    let at = this.#started ? 0 : this.#skipByteOrderMark(bytes);
    for (;;) {
      at = tokenizer.skipEmptyLines(bytes, at, last);
      if (at >= end) break;
      if (this.#linesToSkip > 0) {
        const next = tokenizer.skipLine(bytes, at, last);
        if (next < 0) break;
        this.#linesToSkip--;
        at = next;
        continue;
      }
      const line = tokenizer.line;
      const record = tokenizer.next(bytes, at, last);
      if (record.end < 0) break;
      at = record.end;
      if (this.#width < 0) {
        this.#readHeader(bytes);
        continue;
      }
      this.#rows++;
      if (record.fields !== this.#width) throw this.#ragged(line);
      for (let c = 0; c < this.#wanted.length; c++) {
        const field = this.#wanted[c]!;
        this.#cells[c]!.add(record.from[field]!, this.#endOf(bytes, field));
      }
    }
    if (last && this.#width < 0) {
      throw new RecotemError(
        "datasource_error",
        `${this.#format.path} has no header: source.header is ${this.#format.header}, and the file ends before that row`,
      );
    }
    if (end - at > MAX_RECORD_BYTES) {
      throw new RecotemError(
        "datasource_error",
        `The record on line ${tokenizer.line} of ${this.#format.path} is longer than ${MAX_RECORD_BYTES} bytes; a closing quote may be missing`,
      );
    }
    const batch = {
      firstRow,
      rows: this.#rows - firstRow,
      columns: this.#cells.map((cells) => cells.take(bytes)),
    };
    return { batch, consumed: at };
  }

  #readHeader(bytes: Uint8Array): void {
    this.#width = this.#tokenizer.record.fields;
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const names: string[] = [];
    for (let field = 0; field < this.#width; field++) {
      const end = this.#endOf(bytes, field);
      const start = this.#tokenizer.record.from[field]!;
      names.push(decoder.decode(bytes.subarray(start, end)));
    }
    this.#wanted = this.#select(names);
    this.#cells = this.#wanted.map(() => new CellRanges());
  }

  /** Byte after a field of the last record, which is unescaped where it lies. */
  #endOf(bytes: Uint8Array, field: number): number {
    const { from, to, escaped } = this.#tokenizer.record;
    if (escaped[field]) {
      to[field] = unescape(bytes, from[field]!, to[field]!);
      escaped[field] = false;
    }
    return to[field]!;
  }

  #skipByteOrderMark(bytes: Uint8Array): number {
    this.#started = true;
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  #requireUtf8(bytes: Uint8Array): void {
    if (isUtf8(bytes)) return;
    throw new RecotemError(
      "datasource_error",
      `${this.#format.path} is not utf-8 text (after line ${
        this.#tokenizer.line - 1
      }); set source.encoding to the encoding that it was written in`,
    );
  }

  #ragged(line: number): RecotemError {
    const { fields } = this.#tokenizer.record;
    return new RecotemError(
      "datasource_error",
      `Row ${this.#rows} (line ${line}) of ${this.#format.path} has ${fields} fields, the header has ${this.#width}`,
    );
  }
}

/** Inside quotes `""` means a quote and CR LF means LF; returns the end of what is left, which moves to the front. */
function unescape(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === CR && bytes[at + 1] === LF) continue;
    bytes[end++] = byte;
    if (byte === QUOTE) at++;
  }
  return end;
}
