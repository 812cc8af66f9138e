// The inverse of a symmetric positive definite matrix in one sweep over its blocks (Bientinesi, Gunter, van de Geijn
// 2008, "Families of algorithms related to the inversion of a symmetric positive definite matrix", ACM TOMS 35): n³
// floating-point operations, as many as a Cholesky factorisation, a triangular inverse and the product of the
// inverses, but all but n² of them per block in products of one kind.
//
// Of the matrix only the lower triangle is stored, in square tiles of `size` floats a side; `table` holds the address
// of each, row by row of tiles. With S the blocks swept so far and U the others, the tiles hold
//   S × S: inverse of A_SS,   U × S: A_US · inverse of A_SS,   U × U: A_UU − A_US · inverse of A_SS · A_SU.
// Sweeping block k with D = inverse of its pivot tile = TᵀT and its column B (for i < k, the transpose of its row)
// takes three stages: the pivot gives T and D; the panel gives B̂ = B Tᵀ and the new column ± B̂ T; the update adds
// ± B̂_i B̂_jᵀ to all other tiles. The sign is + where block i was swept before and − where not; the column's is the
// opposite.
import { addScaled, dot } from "./dense";
import { MR, NR, packColumns, packRows, tile } from "./gemm";
import { negate } from "./ials";
import { fail, isCancelled, take } from "./job";

// What the stages share, in `area`, each part a tile's worth: rows of T in panels of 8; columns of −T in panels of 8;
// columns of −T in panels of 6; the Cholesky factor; T; then for each block i the rows of ± B̂_i in panels of 6, and
// then for each the rows of B̂_i in panels of 8.
const PARTS: u32 = 5;

// @ts-ignore: decorator
@inline
function tileBytes(size: u32): usize {
  return (size * size) << 2;
}

// @ts-ignore: decorator
@inline
function tileAt(table: usize, i: u32, j: u32): usize {
  return load<u32>(table + ((i * (i + 1) / 2 + j) << 2));
}

// @ts-ignore: decorator
@inline
function span(n: u32, size: u32, block: u32): u32 {
  return min(size, n - block * size);
}

/** The pivot of block k, for which no update comes first. */
export function sweepPivot(
  job: usize,
  _scratch: usize,
  table: usize,
  n: u32,
  size: u32,
  k: u32,
  area: usize,
): void {
  if (take(job, 1) == 0) pivot(job, table, n, size, k, area);
}

/** Turns the pivot tile of block k into its inverse, and packs T for the panel. */
function pivot(
  job: usize,
  table: usize,
  n: u32,
  size: u32,
  k: u32,
  area: usize,
): void {
  const bytes = tileBytes(size);
  const stride = size << 2;
  const rows = span(n, size, k);
  const at = tileAt(table, k, k);
  const factor = area + 3 * bytes;
  const inverse = area + 4 * bytes;
  const failed = factoriseTile(at, rows, stride, factor);
  if (failed < rows) {
    const at = factor + failed * stride + (failed << 2);
    fail(job, k * size + failed, load<f32>(at));
    return;
  }
  invertFactor(factor, rows, stride, inverse);
  for (let j: u32 = 0; j < rows; j += NR) {
    const count = min(NR, rows - j);
    const to = area + ((j * rows) << 2);
    packRows(inverse + j * stride, stride, rows, count, NR, to);
  }
  negate(inverse, rows * stride);
  for (let j: u32 = 0; j < rows; j += NR) {
    const count = min(NR, rows - j);
    const to = area + bytes + ((j * rows) << 2);
    packColumns(inverse + (j << 2), stride, rows, count, NR, to);
  }
  for (let i: u32 = 0; i < rows; i += MR) {
    const count = min(MR, rows - i);
    const to = area + 2 * bytes + ((i * rows) << 2);
    packColumns(inverse + (i << 2), stride, rows, count, MR, to);
  }
  // Above its diagonal T is 0, so both products that make D start where neither factor is.
  for (let j: u32 = 0; j < rows; j += NR) {
    for (let i: u32 = 0; i < rows; i += MR) {
      const first = max(i, j);
      tile(
        area + 2 * bytes + ((i * rows + first * MR) << 2),
        area + bytes + ((j * rows + first * NR) << 2),
        rows - first,
        at + i * stride + (j << 2),
        stride,
        false,
      );
    }
  }
}

/**
 * The Cholesky factor of the lower triangle at `from`, 0 above its diagonal. Returns `rows`, or the row whose pivot is
 * not positive; the pivot then stands on the factor's diagonal.
 */
export function factoriseTile(
  from: usize,
  rows: u32,
  stride: usize,
  factor: usize,
): u32 {
  memory.fill(factor, 0, rows * stride);
  for (let i: u32 = 0; i < rows; i++) {
    const row = factor + i * stride;
    const given = from + i * stride;
    for (let j: u32 = 0; j < i; j++) {
      // From column j on this row is still 0, so whole vectors may be multiplied.
      const other = factor + j * stride;
      const sum = dot(row, other, ((j + 7) & ~7) << 2);
      const at = j << 2;
      store<f32>(row + at, (load<f32>(given + at) - sum) / load<f32>(other + at));
    }
    const at = i << 2;
    const value = load<f32>(given + at) - dot(row, row, ((i + 7) & ~7) << 2);
    if (!(value > 0 && value < Infinity)) {
      store<f32>(row + at, value);
      return i;
    }
    store<f32>(row + at, sqrt<f32>(value));
  }
  return rows;
}

/** The inverse of a Cholesky factor, 0 above its diagonal. */
export function invertFactor(
  factor: usize,
  rows: u32,
  stride: usize,
  inverse: usize,
): void {
  memory.fill(inverse, 0, rows * stride);
  for (let i: u32 = 0; i < rows; i++) {
    const row = factor + i * stride;
    const out = inverse + i * stride;
    const reciprocal = <f32> 1 / load<f32>(row + (i << 2));
    for (let j: u32 = 0; j < i; j++) {
      addScaled(
        out,
        inverse + j * stride,
        -reciprocal * load<f32>(row + (j << 2)),
        ((j + 8) & ~7) << 2,
      );
    }
    store<f32>(out + (i << 2), reciprocal);
  }
}

/** The panel of block k. `scratch` of a worker: two tiles. */
export function sweepPanel(
  job: usize,
  scratch: usize,
  table: usize,
  n: u32,
  size: u32,
  k: u32,
  area: usize,
): void {
  const blocks = (n + size - 1) / size;
  for (;;) {
    const i = take(job, 1);
    if (i >= blocks || isCancelled(job)) return;
    if (i != k) panelTile(scratch, table, n, size, k, i, area);
  }
}

export function panelTile(
  scratch: usize,
  table: usize,
  n: u32,
  size: u32,
  k: u32,
  i: u32,
  area: usize,
): void {
  const bytes = tileBytes(size);
  const stride = size << 2;
  const blocks = (n + size - 1) / size;
  const depth = span(n, size, k);
  const rows = span(n, size, i);
  const at = i > k ? tileAt(table, i, k) : tileAt(table, k, i);
  const left = area + (PARTS + i) * bytes;
  const right = area + (PARTS + blocks + i) * bytes;
  const scaled = scratch + bytes;
  for (let r: u32 = 0; r < rows; r += MR) {
    const count = min(MR, rows - r);
    const to = scratch + ((r * depth) << 2);
    if (i > k) packRows(at + r * stride, stride, depth, count, MR, to);
    else packColumns(at + (r << 2), stride, depth, count, MR, to);
  }
  for (let j: u32 = 0; j < depth; j += NR) {
    const panel = area + ((j * depth) << 2);
    for (let r: u32 = 0; r < rows; r += MR) {
      tile(
        scratch + ((r * depth) << 2),
        panel,
        min(j + NR, depth),
        scaled + r * stride + (j << 2),
        stride,
        false,
      );
    }
  }
  for (let r: u32 = 0; r < rows; r += NR) {
    const to = right + ((r * depth) << 2);
    const count = min(NR, rows - r);
    packRows(scaled + r * stride, stride, depth, count, NR, to);
  }
  if (i > k) negate(scaled, rows * stride);
  for (let r: u32 = 0; r < rows; r += MR) {
    const to = left + ((r * depth) << 2);
    const count = min(MR, rows - r);
    packRows(scaled + r * stride, stride, depth, count, MR, to);
  }
  if (i > k) {
    for (let j: u32 = 0; j < depth; j += NR) {
      const panel = area + bytes + ((j * depth + j * NR) << 2);
      for (let r: u32 = 0; r < rows; r += MR) {
        tile(
          left + ((r * depth + j * MR) << 2),
          panel,
          depth - j,
          at + r * stride + (j << 2),
          stride,
          false,
        );
      }
    }
  } else {
    for (let j: u32 = 0; j < rows; j += NR) {
      for (let r: u32 = 0; r < depth; r += MR) {
        tile(
          area + 2 * bytes + ((r * depth + r * MR) << 2),
          right + ((j * depth + r * NR) << 2),
          depth - r,
          at + r * stride + (j << 2),
          stride,
          false,
        );
      }
    }
  }
}

/**
 * Updates the tiles in `list`, pairs (i, j), by `steps` blocks from k on, whose areas are `areaBytes` apart; tiles in
 * the row and column of a block are left out. If `next` is a block, the first in the list is its pivot tile, which is
 * updated and made a pivot, its area at `nextArea`, while others go on; it may be in the list once more.
 */
export function sweepUpdate(
  job: usize,
  _scratch: usize,
  table: usize,
  n: u32,
  size: u32,
  k: u32,
  steps: u32,
  area: usize,
  areaBytes: usize,
  list: usize,
  count: u32,
  next: u32,
  nextArea: usize,
): void {
  for (;;) {
    const unit = take(job, 1);
    if (unit >= count || isCancelled(job)) return;
    const i = load<u32>(list + (unit << 3));
    const j = load<u32>(list + (unit << 3), 4);
    const isNext = i == next && j == next;
    if (isNext && unit > 0) continue;
    for (let step: u32 = 0; step < steps; step++) {
      const block = k + step;
      if (i == block || j == block) continue;
      updateTile(table, n, size, block, i, j, area + step * areaBytes);
    }
    if (isNext) pivot(job, table, n, size, next, nextArea);
  }
}

export function updateTile(
  table: usize,
  n: u32,
  size: u32,
  k: u32,
  i: u32,
  j: u32,
  area: usize,
): void {
  const bytes = tileBytes(size);
  const stride = size << 2;
  const blocks = (n + size - 1) / size;
  const depth = span(n, size, k);
  const rows = span(n, size, i);
  const columns = span(n, size, j);
  const left = area + (PARTS + i) * bytes;
  const right = area + (PARTS + blocks + j) * bytes;
  const at = tileAt(table, i, j);
  for (let column: u32 = 0; column < columns; column += NR) {
    // On the diagonal only what is not wholly above it.
    const first = i == j ? column / MR * MR : 0;
    for (let row: u32 = first; row < rows; row += MR) {
      tile(
        left + ((row * depth) << 2),
        right + ((column * depth) << 2),
        depth,
        at + row * stride + (column << 2),
        stride,
        true,
      );
    }
  }
}
