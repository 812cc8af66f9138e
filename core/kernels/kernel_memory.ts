import type { Memory } from "./kernels.ts";

const PAGE = 65536;
/** The last page stays out of use, so that the end of every array is an address that 32 bits can hold. */
const MOST_PAGES = 65535;
/** A cache line; also what SIMD code likes its arrays aligned to. */
const ALIGNMENT = 64;

/** Which memory each buffer shows: growing a memory makes a new buffer and leaves views of older ones valid. */
const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/**
 * Arrays in a shared WebAssembly memory of at most 4 GiB, taken and given back one by one. The memory grows as needed
 * and never shrinks; growing leaves earlier arrays valid. Several may share one WebAssembly memory: each uses only the
 * pages that it added itself.
 *
 * @example Take an array and give it back
 * ```ts
 * import { KernelMemory } from "./kernel_memory.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const memory = new KernelMemory();
 * const array = memory.f32(3);
 * assertEquals(array, new Float32Array(3));
 * memory.free(array);
 * ```
 */
export class KernelMemory implements Memory {
  /** The memory itself, as a WebAssembly instance or a worker takes it. */
  readonly memory: WebAssembly.Memory;
  /** Unused stretches by rising address, never adjacent. */
  readonly #free: { start: number; end: number }[] = [];
  /** End of each array in use, by its address. */
  readonly #used = new Map<number, number>();
  #inUse = 0;
  #peak = 0;
  #noted: ArrayBufferLike | null = null;

  /** Uses a shared memory, or a new one that can grow to 4 GiB. */
  constructor(
    memory: WebAssembly.Memory = new WebAssembly.Memory({
      initial: 1,
      maximum: MOST_PAGES + 1,
      shared: true,
    }),
  ) {
    this.memory = memory;
  }

  /** The memory's bytes, as many as there are now. Views of them are known to be of this memory. */
  get buffer(): ArrayBufferLike {
    const { buffer } = this.memory;
    if (buffer !== this.#noted) {
      memories.set(buffer, this.memory);
      this.#noted = buffer;
    }
    return buffer;
  }

  /** `n` floats, zeroed, 64-byte aligned. */
  f32(n: number): Float32Array {
    const address = this.#takeZeroed(4 * n);
    return new Float32Array(this.buffer, address, n);
  }

  /** `n` unsigned integers, zeroed, 64-byte aligned. */
  u32(n: number): Uint32Array {
    const address = this.#takeZeroed(4 * n);
    return new Uint32Array(this.buffer, address, n);
  }

  /** `n` bytes, their content undefined, 64-byte aligned: for what is read whole, where zeros would cost as much as reading. */
  bytes(n: number): Uint8Array {
    const address = this.take(n);
    return new Uint8Array(this.buffer, address, n);
  }

  /** A view of this memory at an address, of the type and length of an array. */
  viewLike(
    array: Float32Array | Uint32Array,
    address: number,
  ): Float32Array | Uint32Array {
    return array instanceof Float32Array
      ? new Float32Array(this.buffer, address, array.length)
      : new Uint32Array(this.buffer, address, array.length);
  }

  /** Gives back arrays that start where one was taken; others are ignored. */
  free(
    ...arrays: readonly (Float32Array | Uint32Array | Uint8Array)[]
  ): void {
    for (const array of arrays) {
      if (this.holds(array)) this.release(array.byteOffset);
    }
  }

  /** Whether an array is a view of this memory, whoever made it. */
  holds(array: ArrayBufferView): boolean {
    const memory = memories.get(array.buffer);
    // Who made the view may have taken its buffer from the memory itself.
    return memory === undefined
      ? array.buffer === this.buffer
      : memory === this.memory;
  }

  /**
   * The address of `size` bytes, aligned, their content undefined.
   *
   * @throws {RangeError} If the memory cannot grow that far.
   */
  take(size: number): number {
    const needed = Math.max(1, Math.ceil(size / ALIGNMENT)) * ALIGNMENT;
    let at = this.#free.findIndex(({ start, end }) => end - start >= needed);
    if (at < 0) at = this.#grow(needed);
    const stretch = this.#free[at]!;
    const address = stretch.start;
    stretch.start += needed;
    if (stretch.start === stretch.end) this.#free.splice(at, 1);
    this.#used.set(address, address + needed);
    this.#inUse += needed;
    this.#peak = Math.max(this.#peak, this.#inUse);
    return address;
  }

  /** Gives back what was taken at an address; other addresses are ignored. */
  release(address: number): void {
    const end = this.#used.get(address);
    if (end === undefined) return;
    this.#used.delete(address);
    this.#inUse -= end - address;
    this.#insert(address, end);
  }

  /** Most bytes in use at once since the last call, or since there is this memory, rounded up to whole cache lines. */
  takePeak(): number {
    const peak = this.#peak;
    this.#peak = this.#inUse;
    return peak;
  }

  /** Bytes that could be taken at once. */
  get available(): number {
    const size = this.memory.buffer.byteLength;
    const left = MOST_PAGES * PAGE - size;
    return this.#free.reduce(
      (most, { start, end }) =>
        Math.max(most, end - start + (end === size ? left : 0)),
      left,
    );
  }

  #takeZeroed(size: number): number {
    const address = this.take(size);
    new Uint8Array(this.buffer, address, size).fill(0);
    return address;
  }

  /** Adds an unused stretch, joined with its neighbours; returns its position in the list. */
  #insert(start: number, end: number): number {
    let at = this.#free.findIndex((stretch) => stretch.start >= end);
    if (at < 0) at = this.#free.length;
    const previous = this.#free[at - 1];
    const next = this.#free[at];
    if (next !== undefined && next.start === end) {
      end = next.end;
      this.#free.splice(at, 1);
    }
    if (previous !== undefined && previous.end === start) {
      previous.end = end;
      return at - 1;
    }
    this.#free.splice(at, 0, { start, end });
    return at;
  }

  /** Adds pages until a stretch of `needed` bytes is unused; returns its position in the list. */
  #grow(needed: number): number {
    const last = this.#free.at(-1);
    const unused = last?.end === this.memory.buffer.byteLength
      ? last.end - last.start
      : 0;
    const at = this.#addPages(needed, unused);
    const { start, end } = this.#free[at]!;
    // Another thread may have added pages in between, so that these do not follow what was unused.
    return end - start >= needed ? at : this.#addPages(needed, 0);
  }

  #addPages(needed: number, unused: number): number {
    const size = this.memory.buffer.byteLength;
    const pages = Math.ceil((needed - unused) / PAGE);
    if (size / PAGE + pages > MOST_PAGES) {
      throw new RangeError(
        `Cannot take ${needed} bytes of kernel memory: ${size} of at most ${
          MOST_PAGES * PAGE
        } bytes are in use`,
      );
    }
    const start = this.memory.grow(pages) * PAGE;
    return this.#insert(start, start + pages * PAGE);
  }
}
