// Products of square tiles from packed operands, and the factor of one tile. The side of a tile is a multiple of 24, so
// that panels of 6 rows and of 8 columns fill it.
import { addScaled, dot } from "./dense";
import { MR, NR, packColumns, packRows, tile } from "./gemm";
import { fail, isCancelled, take } from "./job";

/** What a tile is packed for; as in `wasm/invert_positive_definite.ts`. */
const TRANSPOSED: u32 = 1;
const RIGHT: u32 = 2;
const NEGATED: u32 = 4;

/** Packs `count` tiles: from, to and kind in `list`, three words each. */
export function packTiles(
  job: usize,
  _scratch: usize,
  list: usize,
  count: u32,
  size: u32,
): void {
  for (;;) {
    const at = take(job, 1);
    if (at >= count || isCancelled(job)) return;
    const entry = list + at * 12;
    const to = load<u32>(entry, 4);
    const kind = load<u32>(entry, 8);
    packTile(load<u32>(entry), to, kind, size);
    if (kind & NEGATED) {
      for (let p: usize = to, end = to + size * size * 4; p < end; p += 16) {
        v128.store(p, f32x4.neg(v128.load(p)));
      }
    }
  }
}

export function packTile(from: usize, to: usize, kind: u32, size: u32): void {
  const stride = size << 2;
  const width = kind & RIGHT ? NR : MR;
  // Panels run along the rows of a left operand and the columns of a right one.
  const alongRows = ((kind & RIGHT) != 0) == ((kind & TRANSPOSED) != 0);
  for (let first: u32 = 0; first < size; first += width) {
    const panel = to + first * stride;
    if (alongRows) {
      packRows(from + first * stride, stride, size, width, width, panel);
    } else {
      packColumns(from + (first << 2), stride, size, width, width, panel);
    }
  }
}

/** Multiplies: result, left, right and whether to add, four words each in `list`. */
export function multiplyTiles(
  job: usize,
  _scratch: usize,
  list: usize,
  count: u32,
  size: u32,
): void {
  for (;;) {
    const at = take(job, 1);
    if (at >= count || isCancelled(job)) return;
    const entry = list + (at << 4);
    multiplyTile(
      load<u32>(entry),
      load<u32>(entry, 4),
      load<u32>(entry, 8),
      load<u32>(entry, 12) != 0,
      size,
    );
  }
}

export function multiplyTile(
  result: usize,
  left: usize,
  right: usize,
  add: bool,
  size: u32,
): void {
  const stride = size << 2;
  for (let column: u32 = 0; column < size; column += NR) {
    const b = right + column * stride;
    for (let row: u32 = 0; row < size; row += MR) {
      const c = result + row * stride + (column << 2);
      tile(left + row * stride, b, size, c, stride, add);
    }
  }
}

/**
 * Replaces a positive definite tile, of which the lower triangle is read, by the inverse of its Cholesky factor, zeros
 * above the diagonal. One worker does it; `first` is the matrix's row that the tile begins with. The scratch memory holds
 * a row.
 */
export function factorTile(
  job: usize,
  scratch: usize,
  address: usize,
  size: u32,
  first: u32,
): void {
  if (take(job, 1) != 0) return;
  const stride = size << 2;
  for (let i: u32 = 0; i < size; i++) {
    const own = address + i * stride;
    memory.fill(own + ((i + 1) << 2), 0, (size - i - 1) << 2);
    for (let j: u32 = 0; j < i; j++) {
      // The rounded-up length reaches the diagonal of row j, and zeros after it.
      const other = address + j * stride;
      const at = own + (j << 2);
      const diagonal = load<f32>(other + (j << 2));
      const value = load<f32>(at);
      store<f32>(at, 0);
      const sum = dot(own, other, ((j + 8) >> 3) << 5);
      store<f32>(at, (value - sum) / diagonal);
    }
    const at = own + (i << 2);
    const value = load<f32>(at);
    store<f32>(at, 0);
    const pivot = value - dot(own, own, ((i + 8) >> 3) << 5);
    if (!(pivot > 0 && pivot < Infinity)) {
      fail(job, first + i, pivot);
      return;
    }
    store<f32>(at, sqrt(pivot));
  }
  // Row i of the inverse is (e_i − Σ L_ik W_k) / L_ii; rows before it are done.
  for (let i: u32 = 0; i < size; i++) {
    const own = address + i * stride;
    const scale = <f32> 1 / load<f32>(own + (i << 2));
    memory.fill(scratch, 0, stride);
    for (let k: u32 = 0; k < i; k++) {
      const weight = -scale * load<f32>(own + (k << 2));
      addScaled(scratch, address + k * stride, weight, ((k + 8) >> 3) << 5);
    }
    store<f32>(scratch + (i << 2), scale);
    memory.copy(own, scratch, stride);
  }
}
