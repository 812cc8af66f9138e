import { checkCsr } from "../check.ts";
import type { Csr } from "../csr.ts";
import type { KernelMemory } from "../kernel_memory.ts";

/** Addresses of a matrix's arrays. */
export interface CsrAddress {
  readonly indptr: number;
  readonly indices: number;
  readonly values: number;
}

/**
 * What one call borrows from kernel memory: copies of arrays that lie elsewhere, and room for results. Disposing of
 * it gives everything back.
 */
export class Loan implements Disposable {
  readonly #memory: KernelMemory;
  readonly #taken: number[] = [];

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** The address of an array: its own if it lies in kernel memory, otherwise that of a copy. */
  address(array: Float32Array | Uint32Array): number {
    if (this.#memory.holds(array)) return array.byteOffset;
    const at = this.take(array.byteLength);
    this.#memory.viewLike(array, at).set(array);
    return at;
  }

  /**
   * The addresses of a matrix. One that lies in kernel memory is taken to be well formed, as {@linkcode
   * Kernels.share} has checked it.
   *
   * @throws {RangeError} If a matrix that lies elsewhere is malformed.
   */
  csr(what: string, matrix: Csr): CsrAddress {
    const { indptr, indices, values } = matrix;
    if (!this.#memory.holds(indptr) || !this.#memory.holds(indices)) {
      checkCsr(what, matrix);
    }
    return {
      indptr: this.address(indptr),
      indices: this.address(indices),
      values: this.address(values),
    };
  }

  /** Copies floats that were changed at an address back to their array, unless that is where it lies. */
  deliver(address: number, array: Float32Array): void {
    if (this.#memory.holds(array)) return;
    array.set(this.#memory.viewLike(array, address));
  }

  /** Address of `bytes` bytes, their content undefined. */
  take(bytes: number): number {
    const at = this.#memory.take(bytes);
    this.#taken.push(at);
    return at;
  }

  /** Room for `n` integers, zeroed. */
  u32(n: number): Uint32Array {
    const array = this.#memory.u32(n);
    this.#taken.push(array.byteOffset);
    return array;
  }

  /** Room for `n` floats, zeroed. */
  f32(n: number): Float32Array {
    const array = this.#memory.f32(n);
    this.#taken.push(array.byteOffset);
    return array;
  }

  [Symbol.dispose](): void {
    for (const address of this.#taken) this.#memory.release(address);
  }
}
