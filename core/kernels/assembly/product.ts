// C = A · B, row-major. All of B is packed first; then each worker packs a block of A at a time and takes it through the
// panels of B.
import { MR, NR, packColumns, packRows, tile } from "./gemm";
import { isCancelled, take } from "./job";

/** Rows of C per unit of work. */
const ROWS: u32 = 96;
/** Columns of C per unit of work: enough that packing A costs little. */
const COLUMNS: u32 = 960;
/** Of the inner dimension at a time: a panel of each side stays in the first-level cache, the block of A in the second. */
const DEPTH: u32 = 256;

/** Packs B, `depth × columns`, in panels of 8 columns. */
export function packRight(
  job: usize,
  _scratch: usize,
  b: usize,
  depth: u32,
  columns: u32,
  to: usize,
): void {
  const panels = (columns + NR - 1) / NR;
  for (;;) {
    const panel = take(job, 1);
    if (panel >= panels || isCancelled(job)) return;
    const first = panel * NR;
    packColumns(
      b + (first << 2),
      columns << 2,
      depth,
      min(NR, columns - first),
      NR,
      to + ((first * depth) << 2),
    );
  }
}

/** `right` is what `packRight` made. `scratch` of a worker: `96 · 256 + 48` floats. */
export function product(
  job: usize,
  scratch: usize,
  rows: u32,
  columns: u32,
  depth: u32,
  a: usize,
  right: usize,
  c: usize,
): void {
  const rowBlocks = (rows + ROWS - 1) / ROWS;
  const units = rowBlocks * ((columns + COLUMNS - 1) / COLUMNS);
  for (;;) {
    const unit = take(job, 1);
    if (unit >= units || isCancelled(job)) return;
    const row = (unit % rowBlocks) * ROWS;
    const column = (unit / rowBlocks) * COLUMNS;
    const rowCount = min(ROWS, rows - row);
    const end = min(column + COLUMNS, columns);
    for (let k: u32 = 0; k < depth; k += DEPTH) {
      if (isCancelled(job)) return;
      const count = min(DEPTH, depth - k);
      for (let r: u32 = 0; r < rowCount; r += MR) {
        packRows(
          a + (((row + r) * depth + k) << 2),
          depth << 2,
          count,
          min(MR, rowCount - r),
          MR,
          scratch + ((r * count) << 2),
        );
      }
      for (let j = column; j < end; j += NR) {
        productPanel(
          scratch,
          right + ((j * depth + k * NR) << 2),
          count,
          rowCount,
          min(NR, columns - j),
          c + ((row * columns + j) << 2),
          columns << 2,
          k > 0,
        );
      }
    }
  }
}

/** The product of a packed block of A and one panel of B becomes C, or is added to it. */
export function productPanel(
  block: usize,
  panel: usize,
  depth: u32,
  rows: u32,
  columns: u32,
  c: usize,
  stride: usize,
  accumulate: bool,
): void {
  const edge = block + ((ROWS * DEPTH) << 2);
  for (let r: u32 = 0; r < rows; r += MR) {
    const count = min(MR, rows - r);
    const to = c + r * stride;
    const from = block + ((r * depth) << 2);
    if (count == MR && columns == NR) {
      tile(from, panel, depth, to, stride, accumulate);
      continue;
    }
    tile(from, panel, depth, edge, NR << 2, false);
    for (let i: u32 = 0; i < count; i++) {
      for (let j: u32 = 0; j < columns; j++) {
        const at = to + i * stride + (j << 2);
        const sum = load<f32>(edge + ((i * NR + j) << 2));
        store<f32>(at, accumulate ? load<f32>(at) + sum : sum);
      }
    }
  }
}
