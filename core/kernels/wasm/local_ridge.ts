import type { Csr } from "../csr.ts";
import type { LocalRidgeArgs } from "../learning_kernels.ts";
import { localNorms } from "../local_norms.ts";
import { LocalRidgeError } from "../local_ridge_error.ts";
import { type Engine, roundUp } from "./engine.ts";
import { joinRows, type RowParts } from "./join_rows.ts";
import { Loan } from "./loan.ts";

/** Room for results, in weights: 128 MB. As many targets as fit are solved at a time. */
const ROOM = 1 << 24;

/** See `assembly/local_ridge.ts`. */
export async function localRidge(
  { memory, pool }: Engine,
  args: LocalRidgeArgs,
  signal?: AbortSignal,
): Promise<Csr> {
  using loan = new Loan(memory);
  const { rows: users, cols: items } = args.matrix;
  const most = Math.min(args.neighbours, Math.max(1, items - 1));
  const byItem = loan.csr("transposed", args.transposed);
  const byUser = loan.csr("matrix", args.matrix);
  const { norms, diagonal } = localNorms(args.transposed, args.ridge);
  const perPart = Math.min(items, Math.max(1, Math.floor(ROOM / most)));
  const outIndices = loan.u32(perPart * most);
  const outValues = loan.f32(perPart * most);
  const counts = loan.u32(perPart);
  const common = [
    users,
    items,
    byItem.indptr,
    byItem.indices,
    byItem.values,
    byUser.indptr,
    byUser.indices,
    byUser.values,
    loan.address(norms),
    loan.address(diagonal),
    most,
    outIndices.byteOffset,
    outValues.byteOffset,
    counts.byteOffset,
  ];
  const parts: RowParts[] = [];
  for (let begin = 0; begin < items; begin += perPart) {
    const end = Math.min(begin + perPart, items);
    const failure = await pool.run({
      kernel: "localRidge",
      args: [begin, end, ...common],
      scratchBytes: 4 *
        (3 * roundUp(items, 4) + 256 + (most + 3) * roundUp(most + 1, 8) +
          2 * users + 1 + 2 * entriesOf(most, args.transposed)),
    }, signal);
    if (failure !== null) throw new LocalRidgeError(failure.row, failure.value);
    for (let row = 0; row < end - begin; row++) {
      const from = row * most;
      const to = from + counts[row]!;
      parts.push({
        indices: outIndices.slice(from, to),
        values: outValues.slice(from, to),
      });
    }
  }
  return joinRows(parts, items);
}

/** Entries that `count` rows have at most. */
function entriesOf(count: number, { rows, indptr }: Csr): number {
  const lengths = Uint32Array.from(
    { length: rows },
    (_, row) => indptr[row + 1]! - indptr[row]!,
  );
  return lengths.sort().subarray(-count)
    .reduce((sum, length) => sum + length, 0);
}
