import type { Csr } from "../core/kernels/csr.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { SymmetricTiles } from "../core/kernels/symmetric_tiles.ts";
import { DenseSimilarityModel } from "../core/models/dense_similarity.ts";
import type { Model } from "../core/models/model.ts";
import { denseWeights, largestWeights } from "./inverse_weights.ts";
import { fitLocalRidge, localRidgeCost } from "./_local_ridge.ts";
import { requireFinite } from "./_require_finite.ts";
import { shapeOf } from "./shape_of.ts";
import { similarityModel } from "./_similarity_model.ts";
import type { Cost, FitContext, MatrixShape } from "./algorithm.ts";

/** A regression of every item on all others with a quadratic penalty. */
export interface ClosedForm {
  readonly name: string;
  /** As the recipe has it, for messages. */
  readonly reg: number;
  /** What is added to an entry on the diagonal of `XᵀX`. */
  ridge(square: number): number;
  /** Items that each is predicted from; null: as {@linkcode settledNeighbours} has it. */
  readonly neighbours: number | null;
}

/** Items up to which all weights are kept: 1 GiB of them, and the Gram matrix is shared by the trials of a search. */
const MOST_DENSE = 16_384;
/** Room for the weights of more items, the largest of each item of the history: 2,450 for each of 41,000. */
const KEPT_BYTES = 3 * 2 ** 28;
/** Of the 24 bits of single precision, at least four remain. */
const MOST_AMPLIFIED = 2 ** 20;
/** A weight and its index. */
const ENTRY_BYTES = 8;
/** Kernels work in one 32-bit memory. */
const MEMORY_BYTES = 2 ** 32;
/** Items by which the tiles of a triangle are larger than it, at most, on either side. */
const TILE_MARGIN = 720;
/** Neighbours per item where not all can be kept: on Gowalla they lose 0.3 % of Recall@20, half as many 0.8 %. */
const NEIGHBOURS = 256;

/**
 * `W_ij = -P_ij / P_jj`, 0 on the diagonal, with `P = (XᵀX + diag(ridge))⁻¹`; of catalogues whose inverse has no room in
 * kernel memory, the same for each j and its nearest items alone.
 *
 * @throws {RangeError} When the matrix cannot be inverted in single precision, or a weight is not finite.
 */
export async function fitClosedForm(
  matrix: Csr,
  form: ClosedForm,
  context: FitContext,
): Promise<Model> {
  const shape = shapeOf(matrix);
  const { neighbours = form.neighbours } = settledNeighbours(shape, form);
  if (neighbours === null) return await fitInverse(matrix, form, context);
  if (form.neighbours === null) {
    context.warn("approximate_inverse_used", {
      algorithm: form.name,
      items: shape.items,
      neighbours,
      density: neighbours / shape.items,
    });
  }
  return await fitLocalRidge(matrix, form, neighbours, context);
}

/** How many neighbours are used where the parameters leave that open: none are named while the inverse has room. */
export function settledNeighbours(
  { items, nonZeros }: MatrixShape,
  { neighbours }: Pick<ClosedForm, "neighbours">,
): { neighbours?: number } {
  // The matrix and its transpose while the Gram matrix is made, the weights that are kept afterwards.
  const beside = Math.max(KEPT_BYTES, 2 * ENTRY_BYTES * nonZeros);
  const needed = 2 * (items + TILE_MARGIN) ** 2 + beside;
  if (neighbours !== null || needed <= MEMORY_BYTES) return {};
  return { neighbours: Math.min(NEIGHBOURS, keptPerItem(items)) };
}

async function fitInverse(
  matrix: Csr,
  { name, reg, ridge }: ClosedForm,
  context: FitContext,
): Promise<Model> {
  const { kernels, signal, warn } = context;
  const items = matrix.cols;
  const tiles = kernels.symmetricTiles(items);
  try {
    await fillGram(tiles, matrix, context);
    const squares = diagonalOf(tiles);
    requireFinite(
      squares,
      `${name}: a sum of squared interaction weights is not finite; the interaction weights are too large`,
    );
    for (const [item, square] of squares.entries()) {
      tiles.addToDiagonal(item, ridge(square));
    }
    await invert(tiles, name, reg, signal, kernels);
    if (items > MOST_DENSE) {
      const topK = keptPerItem(items);
      warn("weights_truncated", { algorithm: name, items, top_k: topK });
      return similarityModel(
        name,
        await largestWeights(tiles, topK, kernels, signal),
      );
    }
    const weights = denseWeights(tiles);
    requireFinite(
      weights,
      `${name}: a weight between items is not finite; raise reg, or scale the interaction weights down`,
    );
    return new DenseSimilarityModel(weights, items);
  } finally {
    kernels.releaseTiles(tiles);
  }
}

/**
 * Half of a matrix, its inverse in its place, and the weights; `n³ / 2` multiply-adds, and those of the Gram matrix. Or
 * what neighbours cost, where only they are used.
 */
export function closedFormCost(
  shape: MatrixShape,
  params: Pick<ClosedForm, "neighbours">,
): Cost {
  const { neighbours = params.neighbours } = settledNeighbours(shape, params);
  if (neighbours !== null) return localRidgeCost(shape, neighbours);
  const { users, items, nonZeros } = shape;
  const weights = items > MOST_DENSE ? KEPT_BYTES : 4 * items * items;
  return {
    bytes: 2 * items * items + weights,
    flops: items ** 3 + nonZeros * nonZeros / Math.max(users, 1),
  };
}

/**
 * Inverts in place.
 *
 * @throws {RangeError} When the result would be noise: `A_jj P_jj` is how often a relative rounding error of A is found
 * in the regression of j.
 */
async function invert(
  tiles: SymmetricTiles,
  name: string,
  reg: number,
  signal: AbortSignal,
  kernels: Kernels,
): Promise<void> {
  const tooSmall = (what: string, cause?: RangeError) =>
    new RangeError(
      `${name}: reg is ${reg}, must be larger for these interactions: ${what}`,
      cause && { cause },
    );
  const before = diagonalOf(tiles);
  try {
    await kernels.invertPositiveDefinite(tiles, signal);
  } catch (cause) {
    throw cause instanceof RangeError ? tooSmall(cause.message, cause) : cause;
  }
  for (const [item, inverse] of diagonalOf(tiles).entries()) {
    const amplified = before[item]! * inverse;
    if (amplified <= MOST_AMPLIFIED) continue;
    throw tooSmall(
      `rounding errors would grow ${
        amplified.toPrecision(2)
      }-fold in the weights of item ${item}`,
    );
  }
}

function keptPerItem(items: number): number {
  return Math.max(1, Math.floor(KEPT_BYTES / ENTRY_BYTES / items));
}

async function fillGram(
  tiles: SymmetricTiles,
  matrix: Csr,
  { kernels, signal, shared }: FitContext,
): Promise<void> {
  if (tiles.n > MOST_DENSE) {
    // Beside the inverse of so many items the Gram matrix takes no time, but as much memory.
    return await kernels.gramTiles(matrix, tiles, signal);
  }
  // On the heap: inversion overwrites what is in kernel memory.
  const copies = await shared.get("gram tiles", async () => {
    await kernels.gramTiles(matrix, tiles, signal);
    return tiles.tiles().map((tile) => tile.slice());
  });
  for (const [at, tile] of tiles.tiles().entries()) tile.set(copies[at]!);
}

function diagonalOf(tiles: SymmetricTiles): Float32Array {
  return Float32Array.from(
    { length: tiles.n },
    (_, item) => tiles.at(item, item),
  );
}
