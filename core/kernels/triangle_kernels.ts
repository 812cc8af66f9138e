/**
 * What closed-form learners need of the kernels: a symmetric matrix, its inverse, and the largest of each row.
 *
 * @module
 */
import type { Csr } from "./csr.ts";
import type { SymmetricTiles } from "./symmetric_tiles.ts";

/** Kernels for symmetric matrices. */
export interface TriangleKernels {
  /**
   * Room for the lower triangle of an `n × n` matrix, its content undefined: a little over `2 n²` bytes, in kernel memory
   * or, where that has no room for them, outside of it. Give it back with {@linkcode TriangleKernels.releaseTiles}.
   */
  symmetricTiles(n: number): SymmetricTiles;
  /** Gives back what {@linkcode TriangleKernels.symmetricTiles} took. */
  releaseTiles(tiles: SymmetricTiles): void;
  /** `XᵀX` of a sparse matrix, overwriting `tiles`. Half of the sum over rows of their squared entries in multiply-adds. */
  gramTiles(
    matrix: Csr,
    tiles: SymmetricTiles,
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Replaces a positive definite matrix by its inverse, in `n³ / 2` multiply-adds. After an error the content is
   * undefined.
   *
   * @throws {RangeError} When it is not positive definite in single precision; names the row.
   */
  invertPositiveDefinite(
    tiles: SymmetricTiles,
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * The `topK` entries of each row that are largest by magnitude after each column is multiplied by its scale, the diagonal
   * left out, equal ones by rising column; columns ascending.
   */
  largestPerRow(
    tiles: SymmetricTiles,
    scales: Float32Array,
    topK: number,
    signal?: AbortSignal,
  ): Promise<Csr>;
}
