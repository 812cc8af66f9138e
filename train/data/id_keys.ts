import type { IdHash } from "./id_hash.ts";

/** Bytes that fit three words beside their number. */
const MAX_SHORT = 11;
/** Third word of a key that is a number; those of texts differ. */
export const NUMBER = -1;
/** For each length up to that of short texts, which bits of three words from the first byte on belong to the text. */
const MASKS = Int32Array.from({ length: 3 * (MAX_SHORT + 1) }, (_, i) => {
  const bytes = Math.floor(i / 3) - 4 * (i % 3);
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << 8 * bytes) - 1;
});

/**
 * Keys of some ids, of four words each: three that tell ids apart, then the hash. A short text is its own three words,
 * with its length in the last one's upper byte. Of a longer one there are the hash, 0 and the complement of its length,
 * which is negative: equal keys need not be equal texts. Of a number there are itself, 0 and {@linkcode NUMBER}.
 */
export class IdKeys {
  readonly words: Int32Array;
  readonly #hash: IdHash;

  /** Room for `count` keys. */
  constructor(count: number, hash: IdHash) {
    this.words = new Int32Array(4 * count);
    this.#hash = hash;
  }

  /** Makes key `index` that of the text at `from` to `to`. */
  setText(index: number, view: DataView, from: number, to: number): void {
    const length = to - from;
    if (length > MAX_SHORT) {
      const hash = this.#hash.ofBytes(view, from, to);
      this.#set(index, hash, 0, ~length, hash);
      return;
    }
    let first: number;
    let second: number;
    let third: number;
    if (from + 12 <= view.byteLength) {
      // No branch depends on the length: those of ids of various lengths would be mispredicted.
      const mask = 3 * length;
      first = view.getInt32(from, true) & MASKS[mask]!;
      second = view.getInt32(from + 4, true) & MASKS[mask + 1]!;
      third = view.getInt32(from + 8, true) & MASKS[mask + 2]! | length << 24;
    } else {
      first = wordAt(view, from, to);
      second = wordAt(view, from + 4, to);
      third = wordAt(view, from + 8, to) | length << 24;
    }
    const hash = this.#hash.ofWords(first, second, third);
    this.#set(index, first, second, third, hash);
  }

  /** Makes key `index` that of a number. */
  setNumber(index: number, number: number): void {
    this.#set(index, number, 0, NUMBER, 0);
  }

  #set(
    index: number,
    first: number,
    second: number,
    third: number,
    hash: number,
  ): void {
    const { words } = this;
    words[4 * index] = first;
    words[4 * index + 1] = second;
    words[4 * index + 2] = third;
    words[4 * index + 3] = hash;
  }
}

/** Four bytes from `at` on as a number; those at or beyond `to` count as 0. */
function wordAt(view: DataView, at: number, to: number): number {
  let word = 0;
  for (let i = Math.min(at + 4, to) - 1; i >= at; i--) {
    word = word << 8 | view.getUint8(i);
  }
  return word;
}
