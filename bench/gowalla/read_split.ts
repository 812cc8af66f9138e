import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Csr } from "../../core/kernels/csr.ts";

/** The two halves of the data, users × items, all values 1. */
export interface Split {
  readonly train: Csr;
  readonly test: Csr;
}

/** Reads `gowalla_train.parquet` and `gowalla_test.parquet`: columns `user_id` and `item_id`, integers from 0. */
export async function readSplit(folder: string): Promise<Split> {
  const [train, test] = await Promise.all(
    ["train", "test"].map((part) =>
      readPairs(`${folder}/gowalla_${part}.parquet`)
    ),
  ) as [Pair[], Pair[]];
  let [rows, cols] = [0, 0];
  for (const { user_id, item_id } of [...train, ...test]) {
    rows = Math.max(rows, user_id + 1);
    cols = Math.max(cols, item_id + 1);
  }
  return {
    train: toCsr(train, rows, cols),
    test: toCsr(test, rows, cols),
  };
}

interface Pair {
  readonly user_id: number;
  readonly item_id: number;
}

async function readPairs(path: string): Promise<Pair[]> {
  const { buffer } = await Deno.readFile(path);
  return await parquetReadObjects({ file: buffer, compressors }) as Pair[];
}

function toCsr(pairs: readonly Pair[], rows: number, cols: number): Csr {
  const items = Array.from({ length: rows }, () => new Set<number>());
  for (const { user_id, item_id } of pairs) items[user_id]!.add(item_id);
  const indptr = new Uint32Array(rows + 1);
  for (const [user, own] of items.entries()) {
    indptr[user + 1] = indptr[user]! + own.size;
  }
  const indices = new Uint32Array(indptr[rows]!);
  for (const [user, own] of items.entries()) {
    indices.set([...own].sort((a, b) => a - b), indptr[user]!);
  }
  const values = new Float32Array(indices.length).fill(1);
  return { rows, cols, indptr, indices, values };
}
