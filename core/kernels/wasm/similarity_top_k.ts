import type { Csr } from "../csr.ts";
import type { SimilarityArgs } from "../kernels.ts";
import { type Engine, roundUp } from "./engine.ts";
import { Loan } from "./loan.ts";

/** See `assembly/similarity.ts`. */
export async function similarityTopK(
  { memory, pool }: Engine,
  args: SimilarityArgs,
  signal?: AbortSignal,
): Promise<Csr> {
  using loan = new Loan(memory);
  const { rows } = args.left;
  const { cols } = args.right;
  const left = loan.csr("left", args.left);
  const right = loan.csr("right", args.right);
  const work = loan.u32(rows);
  const slots = loan.u32(rows + 1);
  const room = plan(args, work, slots);
  const indices = loan.u32(room);
  const values = loan.f32(room);
  const counts = loan.u32(rows);
  await pool.run({
    kernel: "similarity",
    args: [
      rows,
      cols,
      left.indptr,
      left.indices,
      left.values,
      right.indptr,
      right.indices,
      right.values,
      loan.address(args.rowNorm),
      loan.address(args.colNorm),
      args.shrinkage,
      args.overlap === undefined ? 0 : 1,
      args.overlap ?? 0,
      args.topK,
      work.byteOffset,
      slots.byteOffset,
      indices.byteOffset,
      values.byteOffset,
      counts.byteOffset,
    ],
    scratchBytes: 12 * roundUp(cols, 4) + roundUp(cols, 64) / 8 + 1024,
  }, signal);
  return compact(rows, cols, slots, counts, indices, values);
}

/** Fills in each row's multiply-adds and where its result starts; returns the room that all results need. */
function plan(
  { left, right, topK }: SimilarityArgs,
  work: Uint32Array,
  slots: Uint32Array,
): number {
  let room = 0;
  for (let row = 0; row < left.rows; row++) {
    let products = 0;
    for (let p = left.indptr[row]!; p < left.indptr[row + 1]!; p++) {
      const inner = left.indices[p]!;
      products += right.indptr[inner + 1]! - right.indptr[inner]!;
    }
    work[row] = Math.min(products, 0xffffffff);
    room += Math.min(products, right.cols, topK);
    slots[row + 1] = room;
  }
  return room;
}

/** Copies the rows together, out of kernel memory. */
function compact(
  rows: number,
  cols: number,
  slots: Uint32Array,
  counts: Uint32Array,
  indices: Uint32Array,
  values: Float32Array,
): Csr {
  const indptr = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    indptr[row + 1] = indptr[row]! + counts[row]!;
  }
  const result: Csr = {
    rows,
    cols,
    indptr,
    indices: new Uint32Array(indptr[rows]!),
    values: new Float32Array(indptr[rows]!),
  };
  for (let row = 0; row < rows; row++) {
    let from = slots[row]!;
    for (let to = indptr[row]!; to < indptr[row + 1]!; to++, from++) {
      result.indices[to] = indices[from]!;
      result.values[to] = values[from]!;
    }
  }
  return result;
}
