import { RecotemError } from "../../core/errors.ts";
import type { Column, EncodedTexts } from "./data_source.ts";
import type { IdHash } from "./id_hash.ts";
import { IdKeys, NUMBER } from "./id_keys.ts";

/** Digits of the numbers that have a place of their own, of which there are ten million at most. */
const MAX_DIGITS = 7;
/** Ids whose places in memory are sought together. */
const BLOCK = 256;

/**
 * Distinct ids, numbered as they first come: an open-addressing hash table over their UTF-8 bytes, so that a cell which
 * a source has as bytes never becomes a string, beside a plain table of those that are written as numbers. Some 40 to
 * 70 bytes an id beside its own; more for ids that come as strings.
 */
export class IdTable {
  /** Number of ids. */
  size = 0;
  /** For messages. */
  readonly #name: string;
  readonly #hash: IdHash;
  /** All ids, one after another; id `i` is `bytes[offsets[i] .. offsets[i + 1]]`. */
  #bytes = new Uint8Array(2 ** 14);
  #view = viewOf(this.#bytes);
  #offsets = new Uint32Array(2 ** 10);
  /**
   * Four words for each slot: those of the id's key, of a long one its start in the bytes as the second, and in place of
   * the hash the number + 1; 0 is free. At most half full.
   */
  #slots = new Int32Array(2 ** 13);
  /** For each number the id that is written so, + 1; 0 where there is none. Such ids are not in the slots. */
  #byNumber = new Uint32Array(2 ** 10);
  /** The ids that are being looked up: where each stands among the texts, and its key. */
  readonly #pending = new Uint32Array(BLOCK);
  readonly #keys: IdKeys;
  #touched = 0;
  readonly #ofTexts = new Map<string, number>();
  readonly #encoder = new TextEncoder();

  /** An empty table for the column called `name`; numbers do not depend on the hash. */
  constructor(name: string, hash: IdHash) {
    this.#name = name;
    this.#hash = hash;
    this.#keys = new IdKeys(BLOCK, hash);
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
  #ofRanges(texts: EncodedTexts, wanted: Uint8Array): Uint32Array {
    const { bytes, starts, ends } = texts;
    const view = viewOf(bytes);
    const codes = new Uint32Array(wanted.length);
    const pending = this.#pending;
    for (let first = 0; first < codes.length; first += BLOCK) {
      const count = this.#prepare(texts, view, wanted, first, codes);
      this.#touch(count);
      for (let k = 0; k < count; k++) {
        const i = pending[k]!;
        codes[i] = this.#codeOf(k, bytes, view, starts[i]!, ends[i]!);
      }
    }
    return codes;
  }

  /** Looks up the numbers that are known among a block of texts; returns how many other ids are pending. */
  #prepare(
    { bytes, starts, ends }: EncodedTexts,
    view: DataView,
    wanted: Uint8Array,
    first: number,
    codes: Uint32Array,
  ): number {
    const byNumber = this.#byNumber;
    const end = Math.min(first + BLOCK, codes.length);
    let count = 0;
    for (let i = first; i < end; i++) {
      if (wanted[i] !== 1) continue;
      const from = starts[i]!;
      const to = ends[i]!;
      const number = to - from <= MAX_DIGITS
        ? plainNumber(bytes, from, to)
        : -1;
      if (number < 0) {
        this.#keys.setText(count, view, from, to);
      } else {
        const entry = number < byNumber.length ? byNumber[number]! : 0;
        if (entry !== 0) {
          codes[i] = entry - 1;
          continue;
        }
        this.#keys.setNumber(count, number);
      }
      this.#pending[count++] = i;
    }
    return count;
  }

  /**
   * Reads where the pending ids are sought first. Of reads that do not depend on one another a processor has many under
   * way; once the ids are compared, memory has answered.
   */
  #touch(count: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const { words } = this.#keys;
    let touched = 0;
    for (let at = 0; at < 4 * count; at += 4) {
      touched ^= slots[(words[at + 3]! << 2) & mask]!;
    }
    for (let at = 0; at < 4 * count; at += 4) {
      const third = words[at + 2]!;
      const slot = (words[at + 3]! << 2) & mask;
      if (third < 0 && slots[slot + 2] === third) {
        touched ^= this.#bytes[slots[slot + 1]! >>> 0]!;
      }
    }
    // What is not kept would not be read.
    this.#touched = touched;
  }

  #ofText(text: string): number {
    let code = this.#ofTexts.get(text);
    if (code === undefined) {
      const bytes = this.#encoder.encode(text);
      // Lone surrogates all become the same bytes, yet are different texts.
      code = text.isWellFormed()
        ? this.#ofRanges({
          bytes,
          starts: Uint32Array.of(0),
          ends: Uint32Array.of(bytes.length),
          codes: null,
        }, Uint8Array.of(1))[0]!
        : this.#append(bytes, 0, bytes.length);
      this.#ofTexts.set(text, code);
    }
    return code;
  }

  /** The number of pending id `index`, which lies at `from` to `to`. */
  #codeOf(
    index: number,
    bytes: Uint8Array,
    view: DataView,
    from: number,
    to: number,
  ): number {
    const { words } = this.#keys;
    const first = words[4 * index]!;
    const second = words[4 * index + 1]!;
    const third = words[4 * index + 2]!;
    if (third === NUMBER) return this.#ofNumber(first, bytes, from, to);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (words[4 * index + 3]! << 2) & mask;
    for (let entry; (entry = slots[slot + 3]!) !== 0;) {
      if (
        slots[slot] === first && slots[slot + 2] === third &&
        (third < 0
          ? this.#equals(slots[slot + 1]! >>> 0, view, from, to)
          : slots[slot + 1] === second)
      ) {
        return entry - 1;
      }
      slot = (slot + 4) & mask;
    }
    const start = this.#offsets[this.size]!;
    const code = this.#append(bytes, from, to);
    slots[slot] = first;
    slots[slot + 1] = third < 0 ? start : second;
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

  /** Whether the long text at `from` to `to` is the one of the same length that starts at `start` here. */
  #equals(start: number, view: DataView, from: number, to: number): boolean {
    const own = this.#view;
    let at = start;
    let other = from;
    for (; other + 4 <= to; at += 4, other += 4) {
      if (own.getInt32(at, true) !== view.getInt32(other, true)) return false;
    }
    for (; other < to; at++, other++) {
      if (own.getUint8(at) !== view.getUint8(other)) return false;
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
      this.#view = viewOf(longer);
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
      const first = old[from]!;
      const third = old[from + 2]!;
      const hash = third < 0
        ? first
        : this.#hash.ofWords(first, old[from + 1]!, third);
      let slot = (hash << 2) & mask;
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
