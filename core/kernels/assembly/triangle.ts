// The lower triangle of a symmetric matrix in tiles: filled with the products of sparse columns, and read by rows.
import { isCancelled, take } from "./job";
import { orderedKey, selectKey } from "./select";

/** Rows taken at a time: later ones are longer, so few. */
const CHUNK: u32 = 4;

/** The address of a tile; `table` has those of row after row. */
// @ts-ignore: decorator
@inline
function tileAt(table: usize, row: u32, column: u32): usize {
  return load<u32>(table + ((row * (row + 1) / 2 + column) << 2));
}

/**
 * Rows `first` to `rows` of `XᵀX`: X as users × items and transposed. Only their tiles need addresses. The scratch memory
 * holds a row of tiles.
 */
export function gramRows(
  job: usize,
  scratch: usize,
  byItem: usize,
  byItemIndices: usize,
  byItemValues: usize,
  byUser: usize,
  byUserIndices: usize,
  byUserValues: usize,
  first: u32,
  rows: u32,
  size: u32,
  table: usize,
): void {
  const stride = size << 2;
  for (;;) {
    const begin = first + take(job, CHUNK);
    if (begin >= rows || isCancelled(job)) return;
    const end = min(rows, begin + CHUNK);
    for (let item = begin; item < end; item++) {
      const tileRow = item / size;
      memory.fill(scratch, 0, (tileRow + 1) * stride);
      const last = load<u32>(byItem + (item << 2), 4);
      for (let p = load<u32>(byItem + (item << 2)); p < last; p++) {
        const user = load<u32>(byItemIndices + (p << 2));
        const from = load<u32>(byUser + (user << 2));
        addUpTo(
          scratch,
          byUserIndices + (from << 2),
          byUserValues + (from << 2),
          load<u32>(byUser + (user << 2), 4) - from,
          item,
          load<f32>(byItemValues + (p << 2)),
        );
      }
      for (let column: u32 = 0; column <= tileRow; column++) {
        memory.copy(
          tileAt(table, tileRow, column) + (item - tileRow * size) * stride,
          scratch + column * stride,
          stride,
        );
      }
    }
  }
}

/** Adds `weight` times a sparse row to `sums`, as far as column `last`. */
export function addUpTo(
  sums: usize,
  indices: usize,
  values: usize,
  count: u32,
  last: u32,
  weight: f32,
): void {
  const end = indices + (count << 2);
  for (; indices < end; indices += 4, values += 4) {
    const column = load<u32>(indices);
    if (column > last) return;
    const at = sums + (column << 2);
    store<f32>(at, load<f32>(at) + weight * load<f32>(values));
  }
}

/**
 * The `k` entries of each row that are largest by magnitude once multiplied by their column's scale, the diagonal left out: `k` places a row, for rows `first` to
 * `rows`. The scratch memory holds a row of tiles twice, and 256 words.
 */
export function largestPerRow(
  job: usize,
  scratch: usize,
  table: usize,
  n: u32,
  size: u32,
  first: u32,
  rows: u32,
  k: u32,
  scales: usize,
  indices: usize,
  values: usize,
): void {
  const tiles = (n + size - 1) / size;
  const keys = scratch + ((tiles * size) << 2);
  const histogram = keys + ((tiles * size) << 2);
  for (;;) {
    const begin = first + take(job, CHUNK);
    if (begin >= rows || isCancelled(job)) return;
    const end = min(rows, begin + CHUNK);
    for (let row = begin; row < end; row++) {
      gatherRow(table, row, n, size, scratch);
      let count: u32 = 0;
      for (let column: u32 = 0; column < n; column++) {
        const at = scratch + (column << 2);
        const value = load<f32>(at) * load<f32>(scales + (column << 2));
        store<f32>(at, value);
        if (column == row) continue;
        store<u32>(keys + (count << 2), orderedKey(abs(value)));
        count++;
      }
      let border: u32 = 0;
      let equal = count;
      if (count > k) {
        const found = selectKey(keys, count, k, histogram);
        border = <u32> found;
        equal = <u32> (found >> 32);
      }
      let at = (row - first) * k;
      for (let column: u32 = 0; column < n; column++) {
        if (column == row) continue;
        const value = load<f32>(scratch + (column << 2));
        const key = orderedKey(abs(value));
        if (key < border) continue;
        if (key == border) {
          if (equal == 0) continue;
          equal--;
        }
        store<u32>(indices + (at << 2), column);
        store<f32>(values + (at << 2), value);
        at++;
      }
    }
  }
}

/** The whole row of a symmetric matrix. */
export function gatherRow(
  table: usize,
  row: u32,
  n: u32,
  size: u32,
  to: usize,
): void {
  const stride = size << 2;
  const own = row / size;
  const inside = row - own * size;
  for (let column: u32 = 0; column <= own; column++) {
    memory.copy(
      to + column * stride,
      tileAt(table, own, column) + inside * stride,
      stride,
    );
  }
  let at = to + ((row + 1) << 2);
  for (let below = own; below * size < n; below++) {
    const first = below == own ? inside + 1 : 0;
    const last = min(size, n - below * size);
    let from = tileAt(table, below, own) + first * stride + (inside << 2);
    for (let r = first; r < last; r++, from += stride, at += 4) {
      store<f32>(at, load<f32>(from));
    }
  }
}
