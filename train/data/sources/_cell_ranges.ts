import type { EncodedTexts } from "../data_source.ts";

/** Collects where the cells of one column lie in a block of bytes. */
export class CellRanges {
  #starts = new Uint32Array(1024);
  #ends = new Uint32Array(1024);
  #size = 0;

  /** Adds the cell at `start` to `end`; an empty one is a missing value. */
  add(start: number, end: number): void {
    if (this.#size === this.#starts.length) this.#grow();
    this.#starts[this.#size] = start;
    this.#ends[this.#size++] = end;
  }

  /** The cells so far, which lie in `bytes`; the next ones belong to another block. */
  take(bytes: Uint8Array): EncodedTexts {
    const size = this.#size;
    this.#size = 0;
    return {
      bytes,
      starts: this.#starts.slice(0, size),
      ends: this.#ends.slice(0, size),
      codes: null,
    };
  }

  #grow(): void {
    const [starts, ends] = [this.#starts, this.#ends];
    this.#starts = new Uint32Array(2 * starts.length);
    this.#ends = new Uint32Array(2 * ends.length);
    this.#starts.set(starts);
    this.#ends.set(ends);
  }
}
