import { RecotemError } from "../../core/errors.ts";
import type { Column, EncodedTexts } from "./data_source.ts";

/** Digits of the numbers that have a place of their own, of which there are ten million at most. */
const MAX_DIGITS = 7;
/** Bytes that fit three words beside their number. */
const MAX_SHORT = 11;
/** Third word of a longer id, which its words do not surely tell from others. */
const LONG = -1;
/** For each length up to that of short ids, which bits of three words from the first byte on belong to the id. */
const MASKS = Int32Array.from({ length: 3 * (MAX_SHORT + 1) }, (_, i) => {
  const bytes = Math.floor(i / 3) - 4 * (i % 3);
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << 8 * bytes) - 1;
});

/**
 * Distinct ids, numbered as they first come: an open-addressing hash table over their UTF-8 bytes, so that a cell which
 * a source has as bytes never becomes a string, beside a plain table of those that are written as numbers. Some 40 to 70 bytes an id beside its own; more for ids that come as strings.
 */
export class IdTable {
  /** Number of ids. */
  size = 0;
  /** For messages. */
  readonly #name: string;
  /** All ids, one after another; id `i` is `bytes[offsets[i] .. offsets[i + 1]]`. */
  #bytes = new Uint8Array(2 ** 14);
  #offsets = new Uint32Array(2 ** 10);
  /**
   * Four words for each slot: three that tell ids apart, then the number + 1; 0 is free. At most half full. A short id
   * is its own three words, so that one place in memory decides.
   */
  #slots = new Int32Array(2 ** 13);
  /** For each number the id that is written so, + 1; 0 where there is none. Such ids are not in the slots. */
  #byNumber = new Uint32Array(2 ** 10);
  readonly #ofTexts = new Map<string, number>();
  readonly #encoder = new TextEncoder();

  /** An empty table for the column called `name`. */
  constructor(name: string) {
    this.#name = name;
  }

  /** The ids' bytes, by number. */
  get texts(): { readonly bytes: Uint8Array; readonly offsets: Uint32Array } {
    return {
      bytes: this.#bytes.subarray(0, this.#offsets[this.size]),
      offsets: this.#offsets.subarray(0, this.size + 1),
    };
  }

  /** How many ids are longer than `limit` UTF-16 code units. */
  countLonger(limit: number): number {
    const { bytes, offsets } = this.texts;
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let count = 0;
    for (let id = 0; id < this.size; id++) {
      const [start, end] = [offsets[id]!, offsets[id + 1]!];
      if (end - start <= limit) continue;
      if (decoder.decode(bytes.subarray(start, end)).length > limit) count++;
    }
    return count;
  }

  /** The number of the id in each row of a column, where `present` is 1; elsewhere anything. */
  codesOf(column: Column, present: Uint8Array): Uint32Array {
    if (column.type !== "text") throw this.#noText(column.type);
    const { encoded } = column;
    if (encoded !== undefined) {
      return encoded.codes === null
        ? this.#ofRanges(encoded, present)
        : this.#translate(encoded, encoded.codes, present);
    }
    const { values } = column;
    const codes = new Uint32Array(present.length);
    for (let row = 0; row < codes.length; row++) {
      if (present[row] === 1) codes[row] = this.#ofText(values[row]!);
    }
    return codes;
  }

  #translate(
    texts: EncodedTexts,
    from: Int32Array,
    present: Uint8Array,
  ): Uint32Array {
    const used = new Uint8Array(texts.starts.length);
    for (let row = 0; row < from.length; row++) {
      if (present[row] === 1) used[from[row]!] = 1;
    }
    const known = this.#ofRanges(texts, used);
    const codes = new Uint32Array(from.length);
    for (let row = 0; row < from.length; row++) {
      if (present[row] === 1) codes[row] = known[from[row]!]!;
    }
    return codes;
  }

  /** The numbers of the texts for which `wanted` is 1. */
  #ofRanges(
    { bytes, starts, ends }: EncodedTexts,
    wanted: Uint8Array,
  ): Uint32Array {
    const view = viewOf(bytes);
    const codes = new Uint32Array(wanted.length);
    for (let i = 0; i < codes.length; i++) {
      if (wanted[i] === 1) {
        codes[i] = this.#ofBytes(bytes, view, starts[i]!, ends[i]!);
      }
    }
    return codes;
  }

  #ofText(text: string): number {
    let code = this.#ofTexts.get(text);
    if (code === undefined) {
      const bytes = this.#encoder.encode(text);
      // Lone surrogates all become the same bytes, yet are different texts.
      code = text.isWellFormed()
        ? this.#ofBytes(bytes, viewOf(bytes), 0, bytes.length)
        : this.#append(bytes, 0, bytes.length);
      this.#ofTexts.set(text, code);
    }
    return code;
  }

  #ofBytes(
    bytes: Uint8Array,
    view: DataView,
    from: number,
    to: number,
  ): number {
    const length = to - from;
    if (length <= MAX_DIGITS) {
      const number = plainNumber(bytes, from, to);
      if (number >= 0) return this.#ofNumber(number, bytes, from, to);
    }
    const isShort = length <= MAX_SHORT;
    let first: number;
    let second: number;
    let third: number;
    if (!isShort) {
      first = hashOf(view, from, to);
      second = length;
      third = LONG;
    } else if (from + 12 <= view.byteLength) {
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
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (mix(first, second, third) << 2) & mask;
    for (let entry; (entry = slots[slot + 3]!) !== 0;) {
      if (
        slots[slot] === first && slots[slot + 1] === second &&
        slots[slot + 2] === third &&
        (isShort || this.#equals(entry - 1, bytes, from, to))
      ) {
        return entry - 1;
      }
      slot = (slot + 4) & mask;
    }
    const code = this.#append(bytes, from, to);
    slots[slot] = first;
    slots[slot + 1] = second;
    slots[slot + 2] = third;
    slots[slot + 3] = code + 1;
    if (this.size * 8 > slots.length) this.#growSlots();
    return code;
  }

  /** The id that is written as this number, which is looked up by it: ids are often all the numbers up to some. */
  #ofNumber(
    number: number,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): number {
    if (number >= this.#byNumber.length) {
      const longer = new Uint32Array(2 ** (32 - Math.clz32(number)));
      longer.set(this.#byNumber);
      this.#byNumber = longer;
    }
    const entry = this.#byNumber[number]!;
    if (entry !== 0) return entry - 1;
    const code = this.#append(bytes, from, to);
    this.#byNumber[number] = code + 1;
    return code;
  }

  #equals(code: number, bytes: Uint8Array, from: number, to: number): boolean {
    const own = this.#bytes;
    let at = this.#offsets[code]!;
    if (this.#offsets[code + 1]! - at !== to - from) return false;
    for (let other = from; other < to; other++) {
      if (own[at++] !== bytes[other]) return false;
    }
    return true;
  }

  #append(bytes: Uint8Array, from: number, to: number): number {
    const start = this.#offsets[this.size]!;
    const end = start + to - from;
    if (end > 0xffffffff) {
      throw new RangeError("Texts take more than 4 GiB, must take less");
    }
    if (end > this.#bytes.length) {
      const longer = new Uint8Array(
        Math.min(2 ** 32, Math.max(end, 2 * this.#bytes.length)),
      );
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    if (this.size + 2 > this.#offsets.length) {
      const longer = new Uint32Array(2 * this.#offsets.length);
      longer.set(this.#offsets);
      this.#offsets = longer;
    }
    const own = this.#bytes;
    let at = start;
    for (let i = from; i < to; i++) own[at++] = bytes[i]!;
    this.#offsets[this.size + 1] = end;
    return this.size++;
  }

  #growSlots(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let from = 0; from < old.length; from += 4) {
      if (old[from + 3] === 0) continue;
      const mixed = mix(old[from]!, old[from + 1]!, old[from + 2]!);
      let slot = (mixed << 2) & mask;
      while (slots[slot + 3] !== 0) slot = (slot + 4) & mask;
      for (let i = 0; i < 4; i++) slots[slot + i] = old[from + i]!;
    }
    this.#slots = slots;
  }

  #noText(type: string): RecotemError {
    return new RecotemError(
      "datasource_error",
      `The source delivered column "${this.#name}" as ${type}; ids must be text`,
    );
  }
}

/** The whole number that digits write, without zeros in front; -1 for all else. */
function plainNumber(bytes: Uint8Array, from: number, to: number): number {
  let number = bytes[from]! - 48;
  if (!(number > 0 && number <= 9)) return -1;
  for (let at = from + 1; at < to; at++) {
    const digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Four bytes from `at` on as a number; those at or beyond `to` count as 0. */
function wordAt(view: DataView, at: number, to: number): number {
  if (to - at >= 4) return view.getInt32(at, true);
  let word = 0;
  for (let i = to - 1; i >= at; i--) word = word << 8 | view.getUint8(i);
  return word;
}

function hashOf(view: DataView, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at += 4) {
    hash = Math.imul(hash ^ wordAt(view, at, to), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function mix(first: number, second: number, third: number): number {
  let hash = Math.imul(first, 0x9e3779b1);
  hash = Math.imul(hash ^ hash >>> 15 ^ second, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13 ^ third, 0xc2b2ae35);
  return hash ^ hash >>> 16;
}
