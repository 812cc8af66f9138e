import type { EncodedTexts } from "./data_source.ts";

const MINUS = 0x2d;
const ZERO = 0x30;
/** Digits of a whole number that 64-bit floats hold exactly. */
const MAX_DIGITS = 16;

/** Collects texts in UTF-8, one after another. */
export class TextBuilder {
  /** Number of texts, missing ones included. */
  size = 0;
  #bytes = new Uint8Array(2 ** 14);
  #length = 0;
  #ends = new Uint32Array(2 ** 10);
  readonly #digits = new Uint8Array(MAX_DIGITS);

  /** Adds the text that lies at `from` to `to`, which is copied; an empty one means a missing value. */
  add(bytes: Uint8Array, from: number, to: number): void {
    if (this.#length + to - from > this.#bytes.length) this.#grow(to - from);
    const own = this.#bytes;
    let at = this.#length;
    for (let i = from; i < to; i++) own[at++] = bytes[i]!;
    this.#length = at;
    this.#end();
  }

  /** Adds a missing value. */
  addNull(): void {
    this.#end();
  }

  /** Adds a whole number, at most 2⁵³ - 1 either way, in decimal digits. */
  addInteger(value: number): void {
    if (this.#length + MAX_DIGITS + 1 > this.#bytes.length) {
      this.#grow(MAX_DIGITS + 1);
    }
    const own = this.#bytes;
    let rest = Math.abs(value);
    if (value < 0) own[this.#length++] = MINUS;
    let count = 0;
    // Division of 32-bit numbers is much cheaper.
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 10)) {
      this.#digits[count++] = rest % 10;
    }
    let small = rest | 0;
    do {
      const quotient = small / 10 | 0;
      this.#digits[count++] = small - quotient * 10;
      small = quotient;
    } while (small > 0);
    while (count > 0) own[this.#length++] = ZERO + this.#digits[--count]!;
    this.#end();
  }

  /** The texts so far, text `i` for row `i` unless there are `codes`; the next ones are the first of others. */
  take(codes: Int32Array | null = null): EncodedTexts {
    const ends = this.#ends.slice(0, this.size);
    const starts = new Uint32Array(this.size);
    for (let i = 1; i < this.size; i++) starts[i] = ends[i - 1]!;
    const bytes = this.#bytes.slice(0, this.#length);
    this.size = 0;
    this.#length = 0;
    return { bytes, starts, ends, codes };
  }

  #end(): void {
    if (this.size === this.#ends.length) {
      const longer = new Uint32Array(2 * this.size);
      longer.set(this.#ends);
      this.#ends = longer;
    }
    this.#ends[this.size++] = this.#length;
  }

  #grow(by: number): void {
    const needed = this.#length + by;
    if (needed > 0xffffffff) {
      throw new RangeError("Texts take more than 4 GiB, must take less");
    }
    const longer = new Uint8Array(
      Math.min(2 ** 32, Math.max(needed, 2 * this.#bytes.length)),
    );
    longer.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = longer;
  }
}
