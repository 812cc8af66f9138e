import type { Csr } from "../core/kernels/csr.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { SymmetricTiles } from "../core/kernels/symmetric_tiles.ts";

/**
 * Weights between items from the inverse P of their regularised Gram matrix, row-major: `W_ij = -P_ij / P_jj`, 0 on the
 * diagonal. The regression of target j on all others has just these coefficients.
 */
export function denseWeights(inverse: SymmetricTiles): Float32Array {
  const { n, tileSize, count } = inverse;
  const weights = new Float32Array(n * n);
  const scales = targetScales(inverse);
  for (let down = 0; down < count; down++) {
    const rowEnd = Math.min(n, (down + 1) * tileSize);
    for (let across = 0; across <= down; across++) {
      const tile = inverse.tile(down, across);
      const first = across * tileSize;
      for (let row = down * tileSize; row < rowEnd; row++) {
        const start = row % tileSize * tileSize - first;
        const end = Math.min(row, first + tileSize);
        for (let column = first; column < end; column++) {
          const entry = tile[start + column]!;
          weights[row * n + column] = entry * scales[column]!;
          weights[column * n + row] = entry * scales[row]!;
        }
      }
    }
  }
  return weights;
}

/** As {@linkcode denseWeights}, the `topK` of largest magnitude per item of the history. */
export async function largestWeights(
  inverse: SymmetricTiles,
  topK: number,
  kernels: Kernels,
  signal: AbortSignal,
): Promise<Csr> {
  const scales = Float32Array.from(targetScales(inverse));
  return await kernels.largestPerRow(inverse, scales, topK, signal);
}

/** `-1 / P_jj`. */
function targetScales(inverse: SymmetricTiles): Float64Array {
  return Float64Array.from(
    { length: inverse.n },
    (_, item) => -1 / inverse.at(item, item),
  );
}
