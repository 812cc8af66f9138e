const SLOTS = 2 ** 16;
/** Longer texts are hardly repeated, and comparing them costs more than it saves. */
const MAX_WORDS = 12;

/**
 * Turns UTF-8 bytes into text and gives the same string again for bytes that it has met lately, so that an id that
 * fills a thousand cells is decoded once. A fixed number of slots, each holding the latest text with its hash.
 */
export class TextCache {
  readonly #texts: string[] = new Array(SLOTS).fill("");
  /** Length in bytes of each slot's text. */
  readonly #lengths = new Uint8Array(SLOTS);
  /** Bytes of each slot's text, four to a word, the last word filled with zeros. */
  readonly #words = new Int32Array(SLOTS * MAX_WORDS);
  readonly #key = new Int32Array(MAX_WORDS);
  // Fatal: what is not UTF-8 must never become U+FFFD in an id.
  readonly #decoder = new TextDecoder("utf-8", {
    fatal: true,
    ignoreBOM: true,
  });

  /** The text of `bytes[from .. to]`; throws `TypeError` when they are not UTF-8. */
  text(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from;
    if (length > MAX_WORDS * 4) {
      return this.#decoder.decode(bytes.subarray(from, to));
    }
    const key = this.#key;
    let count = 0;
    let hash = length;
    let at = from;
    for (const whole = to - 3; at < whole; at += 4) {
      const word = bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 |
        bytes[at + 3]! << 24;
      key[count++] = word;
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    if (at < to) {
      let word = bytes[at]!;
      if (at + 1 < to) word |= bytes[at + 1]! << 8;
      if (at + 2 < to) word |= bytes[at + 2]! << 16;
      key[count++] = word;
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    // Two slots for each hash: one alone would make a seventh of ten thousand ids push each other out.
    const first = hash & (SLOTS - 2);
    if (this.#holds(first, length, count)) return this.#texts[first]!;
    const second = first + 1;
    if (this.#holds(second, length, count)) return this.#texts[second]!;
    const slot = this.#lengths[first] === 0
      ? first
      : this.#lengths[second] === 0
      ? second
      : first + (hash >>> 31);
    const text = this.#decoder.decode(bytes.subarray(from, to));
    this.#words.set(key, slot * MAX_WORDS);
    this.#lengths[slot] = length;
    this.#texts[slot] = text;
    return text;
  }

  #holds(slot: number, length: number, count: number): boolean {
    if (this.#lengths[slot] !== length) return false;
    const start = slot * MAX_WORDS;
    for (let w = 0; w < count; w++) {
      if (this.#words[start + w] !== this.#key[w]) return false;
    }
    return true;
  }
}
