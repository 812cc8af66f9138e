import type { Csr } from "../csr.ts";
import type { GraphFilterArgs } from "../learning_kernels.ts";
import { type Engine, roundUp } from "./engine.ts";
import { joinRows, type RowParts } from "./join_rows.ts";
import { Loan } from "./loan.ts";

/** Room for results, in entries: 128 MB. As many rows as fit are filtered at a time. */
const ROOM = 1 << 24;
/** Rows that are filtered at a time, as in the assembly. */
const LANES = 32;
/** Rows of a packed panel, as in the assembly. */
const PANEL = 6;

/** See `assembly/graph_filter.ts`. */
export async function graphFilter(
  { memory, pool }: Engine,
  args: GraphFilterArgs,
  signal?: AbortSignal,
): Promise<Csr> {
  using loan = new Loan(memory);
  const { rows: users, cols: items } = args.matrix;
  const { rows } = args.signals;
  const { rank } = args;
  const topK = Math.min(args.topK, Math.max(1, items));
  const matrix = loan.csr("matrix", args.matrix);
  const transposed = loan.csr("transposed", args.transposed);
  const signals = loan.csr("signals", args.signals);
  const padded = roundUp(items, 2 * PANEL);
  const right = loan.f32(padded * rank);
  packPanels(args.right, items, rank, right);
  const perPart = Math.max(
    LANES,
    Math.floor(ROOM / topK / LANES) * LANES,
  );
  const most = Math.min(rows, perPart);
  const outIndices = loan.u32(most * topK);
  const outValues = loan.f32(most * topK);
  const counts = loan.u32(most);
  const common = [
    users,
    items,
    matrix.indptr,
    matrix.indices,
    matrix.values,
    transposed.indptr,
    transposed.indices,
    transposed.values,
    signals.indptr,
    signals.indices,
    signals.values,
    loan.address(Float32Array.from(args.coefficients)),
    args.coefficients.length,
    loan.address(args.left),
    right.byteOffset,
    rank,
    topK,
    outIndices.byteOffset,
    outValues.byteOffset,
    counts.byteOffset,
  ];
  const parts: RowParts[] = [];
  for (let begin = 0; begin < rows; begin += perPart) {
    const end = Math.min(begin + perPart, rows);
    await pool.run({
      kernel: "graphFilter",
      args: [begin, end, ...common],
      scratchBytes: 4 *
        (LANES * (padded + Math.max(users, padded) + rank) + 2 * padded + 256),
    }, signal);
    for (let row = 0; row < end - begin; row++) {
      const from = row * topK;
      const to = from + counts[row]!;
      parts.push({
        indices: outIndices.slice(from, to),
        values: outValues.slice(from, to),
      });
    }
  }
  return joinRows(parts, items);
}

/** Rows in panels, the entries of one column of a panel adjacent. */
function packPanels(
  from: Float32Array,
  rows: number,
  columns: number,
  to: Float32Array,
): void {
  for (let row = 0; row < rows; row++) {
    let at = (row - row % PANEL) * columns + row % PANEL;
    const end = (row + 1) * columns;
    for (let n = row * columns; n < end; n++, at += PANEL) to[at] = from[n]!;
  }
}
