import type { RowChunk } from "./_row_chunk.ts";

/** One pair in so many is looked at, with all its repeats. */
const SAMPLED = 64;

/** About how many distinct pairs there are for each row; O(rows), with memory for a fraction of them. */
export function estimateDistinctShare(chunks: readonly RowChunk[]): number {
  const pairs = new Set<number>();
  let rows = 0;
  for (const { users, items, size } of chunks) {
    for (let i = 0; i < size; i++) {
      const user = users[i]!;
      const item = items[i]!;
      const mixed = Math.imul(user, 0x9e3779b1) ^ Math.imul(item, 0x85ebca6b);
      if (((mixed ^ mixed >>> 15) & (SAMPLED - 1)) !== 0) continue;
      rows++;
      // Large numbers lose their last bits here, which hardly moves an estimate.
      pairs.add(user * 2 ** 32 + item);
    }
  }
  return rows === 0 ? 1 : pairs.size / rows;
}
