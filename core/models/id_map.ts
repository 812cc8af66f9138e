/**
 * Text ids and their indices, as sorted UTF-8 bytes in two tensors: nothing is built when an artifact is opened,
 * a look-up is a binary search.
 *
 * @module
 */
import { compareBytes } from "./_compare_bytes.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Most UTF-8 bytes that one UTF-16 unit becomes. */
const BYTES_PER_UNIT = 3;
let scratch = new Uint8Array(1024);

/** Ids in ascending UTF-8 order; index `i` is `bytes[offsets[i] .. offsets[i + 1]]`. */
export class IdMap {
  /** All ids, one after another. */
  readonly bytes: Uint8Array;
  /** Start of each id in `bytes`; length `size + 1`. */
  readonly offsets: Uint32Array;

  /** Wraps bytes and offsets without copying; {@linkcode IdMap.validate} tells whether they are what they must be. */
  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /**
   * The map of distinct ids given in any order. O(n log n).
   *
   * @returns The map, and in `rank[i]` the index of `ids[i]`.
   * @throws {RangeError} When an id stands twice.
   */
  static from(
    ids: readonly string[],
  ): { readonly map: IdMap; readonly rank: Uint32Array } {
    const encoded = ids.map((id) => encoder.encode(id));
    const order = Uint32Array.from(ids, (_, n) => n)
      .sort((a, b) => compareBytes(encoded[a]!, encoded[b]!));
    const offsets = new Uint32Array(ids.length + 1);
    const rank = new Uint32Array(ids.length);
    for (const [index, source] of order.entries()) {
      offsets[index + 1] = offsets[index]! + encoded[source]!.length;
      rank[source] = index;
    }
    const bytes = new Uint8Array(offsets[ids.length]!);
    for (const [index, source] of order.entries()) {
      bytes.set(encoded[source]!, offsets[index]);
    }
    const map = new IdMap(bytes, offsets);
    map.#requireAscending();
    return { map, rank };
  }

  /** Number of ids. */
  get size(): number {
    return this.offsets.length - 1;
  }

  /** The id of an index below {@linkcode IdMap.size}. */
  id(index: number): string {
    return decoder.decode(
      this.bytes.subarray(this.offsets[index]!, this.offsets[index + 1]!),
    );
  }

  /** The index of an id, or -1. O(log n), allocates nothing. */
  indexOf(id: string): number {
    if (scratch.length < id.length * BYTES_PER_UNIT) {
      scratch = new Uint8Array(2 * id.length * BYTES_PER_UNIT);
    }
    const { read, written } = encoder.encodeInto(id, scratch);
    if (read < id.length) return -1;
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, written) < 0) low = middle + 1;
      else high = middle;
    }
    return low < this.size && this.#compare(low, written) === 0 ? low : -1;
  }

  /**
   * Checks that the ids are distinct, ascending UTF-8. Linear time.
   *
   * @throws {RangeError} When they are not.
   */
  validate(): void {
    const { bytes, offsets } = this;
    if (offsets.length === 0 || offsets[0] !== 0) {
      throw new RangeError("Offsets of ids must start with 0");
    }
    for (let index = 0; index < this.size; index++) {
      if (offsets[index]! > offsets[index + 1]!) {
        throw new RangeError(
          `Offset ${index + 1} of ids is below the one before`,
        );
      }
    }
    if (offsets[this.size] !== bytes.length) {
      throw new RangeError(
        `Offsets of ids end at ${
          offsets[this.size]
        }, must end at ${bytes.length}`,
      );
    }
    this.#requireAscending();
    try {
      decoder.decode(bytes);
    } catch (cause) {
      throw new RangeError("Ids must be UTF-8", { cause });
    }
    // Valid as a whole, and no id starts inside a character: then each is valid.
    for (let index = 0; index < this.size; index++) {
      if ((bytes[offsets[index]!]! & 0xc0) === 0x80) {
        throw new RangeError(`Id ${index} starts inside a character`);
      }
    }
  }

  #requireAscending(): void {
    const { bytes, offsets } = this;
    for (let index = 1; index < this.size; index++) {
      const before = bytes.subarray(offsets[index - 1]!, offsets[index]!);
      const own = bytes.subarray(offsets[index]!, offsets[index + 1]!);
      if (compareBytes(before, own) >= 0) {
        throw new RangeError(`Id ${index} must be above the one before`);
      }
    }
  }

  /** Order of the id at `index` beside the first `length` bytes of the scratch space. */
  #compare(index: number, length: number): number {
    const { bytes, offsets } = this;
    const begin = offsets[index]!;
    const own = offsets[index + 1]! - begin;
    const shared = Math.min(own, length);
    for (let at = 0; at < shared; at++) {
      const difference = bytes[begin + at]! - scratch[at]!;
      if (difference !== 0) return difference;
    }
    return own - length;
  }
}
