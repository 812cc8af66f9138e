import { RecotemError } from "../../../core/errors.ts";

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** One record that was found: where its wanted fields lie. */
export interface CsvRecord {
  /** Byte after the record and its line end; -1 when the bytes end inside the record. */
  end: number;
  /** Number of fields. */
  fields: number;
  /** First byte of each field, without its quote. */
  readonly from: number[];
  /** Byte after each field. */
  readonly to: number[];
  /** Whether a field holds doubled quotes or CR LF, and must be unescaped. */
  readonly escaped: boolean[];
}

/**
 * Finds the fields of records in UTF-8 bytes, by the rules of RFC 4180 as `@std/csv` reads them: quotes only around
 * whole fields, doubled inside; a record ends with LF or CR LF; CR LF inside quotes means LF; empty lines do not count.
 * Bytes are looked at once; nothing is copied.
 */
export class CsvTokenizer {
  /** Fields of the record found last; overwritten by the next. */
  readonly record: CsvRecord = {
    end: -1,
    fields: 0,
    from: [],
    to: [],
    escaped: [],
  };
  /** Line on which the next record starts, from 1. */
  line = 1;
  readonly #path: string;
  readonly #delimiter: Uint8Array;
  /** 1 at bytes that end the run of an unquoted field. */
  readonly #stops = new Uint8Array(256);

  /** `delimiter` has one byte or more, and neither quote nor line end. */
  constructor(path: string, delimiter: Uint8Array) {
    this.#path = path;
    this.#delimiter = delimiter;
    for (const byte of [delimiter[0]!, LF, QUOTE]) this.#stops[byte] = 1;
  }

  /** Passes empty lines; returns the position of the next record, or the end of the bytes. */
  skipEmptyLines(bytes: Uint8Array, start: number, last: boolean): number {
    const end = bytes.length;
    let at = start;
    while (at < end) {
      if (bytes[at] === LF) at += 1;
      else if (bytes[at] !== CR) break;
      else if (bytes[at + 1] === LF) at += 2;
      else if (last && at + 1 === end) at += 1;
      else break;
      this.line++;
    }
    return at;
  }

  /** Passes one line whatever it holds; returns the position after it, or -1 when it is not all there. */
  skipLine(bytes: Uint8Array, start: number, last: boolean): number {
    const at = bytes.indexOf(LF, start);
    if (at < 0) return last ? bytes.length : -1;
    this.line++;
    return at + 1;
  }

  /**
   * Finds the record that starts at `start`, where something other than a line end must be; `last` says that no bytes
   * will follow. Throws `datasource_error` for a misplaced or unterminated quote.
   */
  next(bytes: Uint8Array, start: number, last: boolean): CsvRecord {
    const { record } = this;
    const { from: starts, to: ends, escaped: escapes } = record;
    const end = bytes.length;
    const stops = this.#stops;
    const width = this.#delimiter.length;
    record.end = -1;
    let field = 0;
    let lines = 1;
    let at = start;
    for (;;) {
      let to: number;
      let escaped = false;
      let delimited: boolean;
      const quoted = at < end && bytes[at] === QUOTE;
      const from = quoted ? at + 1 : at;
      if (quoted) {
        at = from;
        for (;;) {
          while (at < end && bytes[at] !== QUOTE) {
            if (bytes[at] === LF) {
              lines++;
              if (bytes[at - 1] === CR) escaped = true;
            }
            at++;
          }
          if (at >= end) {
            if (last) throw this.#unterminated();
            return record;
          }
          if (bytes[at + 1] !== QUOTE) break;
          escaped = true;
          at += 2;
        }
        to = at++;
        delimited = this.#delimits(bytes, at);
      } else {
        for (delimited = false;; at++) {
          while (at < end && stops[bytes[at]!] === 0) at++;
          if (at >= end || bytes[at] === LF) break;
          if (bytes[at] === QUOTE) throw this.#bareQuote();
          delimited = width === 1 || this.#delimits(bytes, at);
          if (delimited) break;
        }
        to = at;
      }
      starts[field] = from;
      ends[field] = to;
      escapes[field] = escaped;
      field++;

      if (delimited) {
        at += width;
        continue;
      }
      if (quoted && at < end && bytes[at] === CR) {
        // CR LF, or CR at the very end, closes the record.
        at++;
      } else if (!quoted && to > from && bytes[to - 1] === CR) {
        ends[field - 1] = to - 1;
      }
      if (at >= end) {
        if (!last) return record;
        record.end = end;
      } else if (bytes[at] === LF) {
        record.end = at + 1;
      } else {
        // After a closing quote. The rest of a longer delimiter may still follow.
        if (!last && end - at < width) return record;
        throw this.#textAfterQuote();
      }
      record.fields = field;
      this.line += lines;
      return record;
    }
  }

  #delimits(bytes: Uint8Array, at: number): boolean {
    const delimiter = this.#delimiter;
    for (let i = 0; i < delimiter.length; i++) {
      if (bytes[at + i] !== delimiter[i]) return false;
    }
    return true;
  }

  #bareQuote(): RecotemError {
    return this.#error(
      'has a quote inside an unquoted field; write the field as "…" and double the quotes in it',
    );
  }

  #textAfterQuote(): RecotemError {
    return this.#error("has text between a closing quote and the delimiter");
  }

  #unterminated(): RecotemError {
    return this.#error("has a quoted field that is never closed");
  }

  #error(what: string): RecotemError {
    return new RecotemError(
      "datasource_error",
      `The record on line ${this.line} of ${this.#path} ${what}`,
    );
  }
}
