import type { Csr } from "../csr.ts";
import type { ElasticNetArgs } from "../learning_kernels.ts";
import type { Engine } from "./engine.ts";
import { joinRows, type RowParts } from "./join_rows.ts";
import { Loan } from "./loan.ts";

/** Room for results, in weights: 128 MB. As many targets as surely fit are solved at a time. */
const ROOM = 1 << 24;

/** See `assembly/slim.ts`. */
export async function elasticNet(
  { memory, pool }: Engine,
  args: ElasticNetArgs,
  signal?: AbortSignal,
): Promise<Csr> {
  using loan = new Loan(memory);
  const { rows: items } = args.gram;
  const gram = loan.csr("gram", args.gram);
  const most = mostWeights(args);
  const slots = loan.u32(items);
  const counts = loan.u32(items);
  const room = Math.min(ROOM, most.reduce((sum, each) => sum + each, 0)) +
    items;
  const outIndices = loan.u32(room);
  const outValues = loan.f32(room);
  const common = [
    items,
    gram.indptr,
    gram.indices,
    gram.values,
    loan.address(diagonalOf(args.gram)),
    args.l1,
    args.l2,
    args.positiveOnly ? 1 : 0,
    args.rounds,
    args.tolerance,
    args.topK,
    slots.byteOffset,
    outIndices.byteOffset,
    outValues.byteOffset,
    counts.byteOffset,
  ];
  const parts: RowParts[] = [];
  let end = 0;
  while (end < items) {
    const begin = end;
    for (let taken = 0; end < items; end++) {
      if (end > begin && taken + most[end]! > room) break;
      slots[end - begin] = taken;
      taken += most[end]!;
    }
    await pool.run({
      kernel: "slim",
      args: [begin, end, ...common],
      scratchBytes: 4 * (6 * items + 256),
    }, signal);
    for (let target = begin; target < end; target++) {
      const from = slots[target - begin]!;
      const to = from + counts[target - begin]!;
      parts.push({
        indices: outIndices.slice(from, to),
        values: outValues.slice(from, to),
      });
    }
  }
  return joinRows(parts, items);
}

/** The most weights that each target can have. */
function mostWeights(
  { gram, l1, positiveOnly, topK }: ElasticNetArgs,
): Uint32Array {
  return Uint32Array.from({ length: gram.rows }, (_, target) => {
    if (!positiveOnly) return Math.min(topK, gram.rows);
    let count = 0;
    for (let p = gram.indptr[target]!; p < gram.indptr[target + 1]!; p++) {
      if (gram.values[p]! > l1) count++;
    }
    return Math.min(topK, count);
  });
}

function diagonalOf({ rows, indptr, indices, values }: Csr): Float32Array {
  const diagonal = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let p = indptr[row]!; p < indptr[row + 1]!; p++) {
      if (indices[p] === row) diagonal[row] = values[p]!;
    }
  }
  return diagonal;
}
