/**
 * Text ids and their indices, as sorted UTF-8 bytes in two tensors: nothing is built when an artifact is opened,
 * a look-up is a binary search.
 *
 * @module
 */

/** Ids in ascending UTF-8 order; index `i` is `bytes[offsets[i] .. offsets[i + 1]]`. */
export class IdMap {
  /** All ids, one after another. */
  readonly bytes: Uint8Array;
  /** Start of each id in `bytes`; length `size + 1`. */
  readonly offsets: Uint32Array;

  /** Wraps bytes and offsets without copying; they must be sorted and free of repeats. */
  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /** Number of ids. */
  get size(): number {
    return this.offsets.length - 1;
  }
}
