/**
 * Text ids and their indices, as sorted UTF-8 bytes in two tensors: nothing is built when an artifact is opened,
 * a look-up is a binary search.
 *
 * @module
 */
import { compareBytes, compareTexts } from "./_compare_texts.ts";
import { sortTexts } from "./_sort_texts.ts";
import { checkTexts, decodeText, encodeTexts, type Texts } from "./_texts.ts";

/** Ids in ascending UTF-8 order; index `i` is `bytes[offsets[i] .. offsets[i + 1]]`. */
export class IdMap {
  /** All ids, one after another. */
  readonly bytes: Uint8Array;
  /** Start of each id in `bytes`; length `size + 1`. */
  readonly offsets: Uint32Array;
  readonly #encoder = new TextEncoder();
  #scratch = new Uint8Array(768);

  /** Wraps bytes and offsets without copying; they must be as {@linkcode IdMap.validate} demands. */
  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /**
   * Sorts distinct ids; `rank[i]` is the index of `ids[i]` in the map.
   *
   * @throws {RangeError} If an id is there twice.
   *
   * @example
   * ```ts
   * import { IdMap } from "./id_map.ts";
   * import { assertEquals } from "@std/assert";
   *
   * const { map, rank } = IdMap.from(["pear", "apple"]);
   * assertEquals(rank, Uint32Array.of(1, 0));
   * assertEquals(map.indexOf("pear"), 1);
   * ```
   */
  static from(ids: readonly string[]): { map: IdMap; rank: Uint32Array } {
    return IdMap.fromTexts(encodeTexts(ids, ids.length));
  }

  /**
   * Sorts distinct ids that are UTF-8 bytes already; `rank[i]` is the index of text `i` in the map. O(bytes).
   *
   * @throws {RangeError} If an id is there twice.
   */
  static fromTexts(texts: Texts): { map: IdMap; rank: Uint32Array } {
    const order = sortTexts(texts);
    const bytes = new Uint8Array(texts.bytes.length);
    const offsets = new Uint32Array(order.length + 1);
    const rank = new Uint32Array(order.length);
    let end = 0;
    for (let i = 0; i < order.length; i++) {
      const id = order[i]!;
      if (i > 0 && compareTexts(texts, order[i - 1]!, texts, id) === 0) {
        throw new RangeError("An id is there twice, ids must be distinct");
      }
      rank[id] = i;
      const last = texts.offsets[id + 1]!;
      for (let at = texts.offsets[id]!; at < last; at++) {
        bytes[end++] = texts.bytes[at]!;
      }
      offsets[i + 1] = end;
    }
    return { map: new IdMap(bytes, offsets), rank };
  }

  /** Number of ids. */
  get size(): number {
    return this.offsets.length - 1;
  }

  /**
   * The id at `index`.
   *
   * @throws {RangeError} If there is none.
   */
  id(index: number): string {
    if (!(index >= 0 && index < this.size)) {
      throw new RangeError(
        `Cannot name index ${index}: there are ${this.size} ids`,
      );
    }
    return decodeText(this, index);
  }

  /** The index of `id`, or -1 when it is unknown. A binary search over the bytes, without allocation. */
  indexOf(id: string): number {
    // A lone surrogate would be encoded as U+FFFD and could be taken for another id.
    if (!id.isWellFormed()) return -1;
    if (id.length * 3 > this.#scratch.length) {
      this.#scratch = new Uint8Array(id.length * 3);
    }
    const { bytes, offsets } = this;
    const wanted = this.#scratch;
    const length = this.#encoder.encodeInto(id, wanted).written;
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const start = offsets[middle]!;
      const order = compareBytes(
        bytes,
        start,
        offsets[middle + 1]! - start,
        wanted,
        0,
        length,
      );
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The indices `begin` to `end` (exclusive) of the ids that start with `prefix`. Two binary searches. */
  startingWith(prefix: string): { begin: number; end: number } {
    if (!prefix.isWellFormed()) return { begin: 0, end: 0 };
    const wanted = this.#encoder.encode(prefix);
    return {
      begin: this.#firstAt(wanted, 0),
      end: this.#firstAt(wanted, 1),
    };
  }

  /** The first id whose start is `least` or more against `wanted`: 0 is equal, 1 is after it. */
  #firstAt(wanted: Uint8Array, least: 0 | 1): number {
    const { bytes, offsets } = this;
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = offsets[middle]!;
      const length = Math.min(offsets[middle + 1]! - start, wanted.length);
      const order = compareBytes(
        bytes,
        start,
        length,
        wanted,
        0,
        wanted.length,
      );
      if (Math.sign(order) < least) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Checks bytes and offsets that come from elsewhere. One linear pass.
   *
   * @throws {RangeError} If offsets do not rise from 0 to the end, ids are not UTF-8, or not strictly ascending.
   */
  validate(): void {
    checkTexts("ids", this);
    for (let i = 1; i < this.size; i++) {
      if (compareTexts(this, i - 1, this, i) >= 0) {
        throw new RangeError(`Id ${i} does not follow id ${i - 1} in order`);
      }
    }
  }
}
