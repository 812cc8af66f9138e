import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";

/** Interactions per user. */
const MEAN = 165;
const LEAST = 20;

/** About as many interactions per user as MovieLens 1M has, popular items more often; users × items, all 1. */
export function interactions(users: number, items: number): Csr {
  const random = createRandom(1);
  const indptr = new Uint32Array(users + 1);
  const indices: number[] = [];
  for (let user = 0; user < users; user++) {
    const wanted = LEAST -
      Math.floor((MEAN - LEAST) * Math.log(1 - random.float()));
    const count = Math.min(items / 2, wanted);
    const own = new Set<number>();
    while (own.size < count) own.add(Math.floor(items * random.float() ** 2));
    for (const item of [...own].sort((a, b) => a - b)) indices.push(item);
    indptr[user + 1] = indices.length;
  }
  return {
    rows: users,
    cols: items,
    indptr,
    indices: Uint32Array.from(indices),
    values: new Float32Array(indices.length).fill(1),
  };
}
