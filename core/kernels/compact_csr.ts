import type { Csr } from "./csr.ts";

/** A sparse matrix whose values take fewer bits; each row has a scale of its own. */
export interface CompactCsr extends Omit<Csr, "values"> {
  /** The stored values, to be multiplied with the scale of their row; finite. */
  readonly values: Float16Array | Int8Array;
  /** One factor per row. */
  readonly scales: Float32Array;
}
