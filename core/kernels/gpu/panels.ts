import { GpuError } from "./gpu_error.ts";
import { BLOCK } from "./matmul_shader.ts";

/** Some columns of a lower triangle, from the diagonal down; row-major. */
export interface Panel {
  /** Its first column and first row. */
  readonly start: number;
  /** Number of its columns, a multiple of 64. */
  readonly width: number;
  /** Number of its rows, a multiple of 64. */
  readonly rows: number;
}

/** Widest panel: its products, 1024 × 1024, keep 256 workgroups busy. */
const WIDEST = 1024;
/** Panels that even a small matrix is cut into, so that little above the diagonal is computed. */
const LEAST = 8;

/**
 * Cuts the lower triangle of an `n × n` matrix into panels, each of which fits into one binding. The last one ends at
 * the next multiple of 64 after `n`.
 *
 * @throws {GpuError} If not even the narrowest panel fits.
 */
export function planPanels(n: number, bindingBytes: number): Panel[] {
  const size = roundUp(n, BLOCK);
  const fitting = Math.floor(bindingBytes / (4 * size * BLOCK)) * BLOCK;
  if (fitting === 0) {
    throw new GpuError(
      `A matrix of ${n} rows is too large for the GPU, which takes ${
        Math.floor(bindingBytes / (4 * BLOCK))
      } at most; set training.device to cpu`,
    );
  }
  const width = Math.min(fitting, WIDEST, roundUp(size / LEAST, BLOCK));
  return Array.from({ length: Math.ceil(size / width) }, (_, at) => {
    const start = at * width;
    return {
      start,
      width: Math.min(width, size - start),
      rows: size - start,
    };
  });
}

/** `n`, up to a multiple of `step`. */
export function roundUp(n: number, step: number): number {
  return Math.ceil(n / step) * step;
}
