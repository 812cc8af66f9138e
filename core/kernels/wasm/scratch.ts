import type { KernelMemory } from "../kernel_memory.ts";

/** Room in kernel memory for one thing at a time, used again and again: it only grows. */
export class Scratch {
  readonly #memory: KernelMemory;
  #address = 0;
  #bytes = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** The address of `bytes` bytes, their content undefined. */
  at(bytes: number): number {
    if (bytes > this.#bytes) {
      const address = this.#memory.take(bytes);
      if (this.#bytes > 0) this.#memory.release(this.#address);
      this.#address = address;
      this.#bytes = bytes;
    }
    return this.#address;
  }

  /** The address of an array: its own if it lies in kernel memory, otherwise that of a copy here. */
  place(array: Float32Array | Uint32Array): number {
    if (this.#memory.holds(array)) return array.byteOffset;
    const at = this.at(array.byteLength);
    this.#memory.viewLike(array, at).set(array);
    return at;
  }

  /** The address where a result is to be written: the array's own, or one here. */
  room(array: Float32Array | Uint32Array): number {
    return this.#memory.holds(array)
      ? array.byteOffset
      : this.at(array.byteLength);
  }

  /** Copies a result to the array it is for, unless it was written in place. */
  deliver(address: number, to: Float32Array | Uint32Array): void {
    if (this.#memory.holds(to)) return;
    to.set(this.#memory.viewLike(to, address));
  }
}
