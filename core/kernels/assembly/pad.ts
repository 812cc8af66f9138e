import { isCancelled, take } from "./job";

const CHUNK: u32 = 256;

/** Copies rows of `factors` floats to rows of `up(factors, 8)` floats, the padding 0. */
export function pad(
  job: usize,
  _scratch: usize,
  from: usize,
  rows: u32,
  factors: u32,
  to: usize,
): void {
  const bytes = factors << 2;
  const padded = ((factors + 7) & ~7) << 2;
  for (;;) {
    const begin = take(job, CHUNK);
    if (begin >= rows || isCancelled(job)) return;
    const end = min(begin + CHUNK, rows);
    for (let row = begin; row < end; row++) {
      const out = to + row * padded;
      memory.copy(out, from + row * bytes, bytes);
      memory.fill(out + bytes, 0, padded - bytes);
    }
  }
}
