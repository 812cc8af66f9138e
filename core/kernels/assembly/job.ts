// The state that the workers of one job share. Each word has a cache line of its own.

const CANCELLED: usize = 64;
const FINISHED: usize = 128;
const FAILED: usize = 192;

/** Takes the next `chunk` units of work; the first of them is returned. */
// @ts-ignore: decorator
@inline
export function take(job: usize, chunk: u32): u32 {
  return atomic.add<u32>(job, chunk);
}

/** Whether the job was aborted or has failed. */
// @ts-ignore: decorator
@inline
export function isCancelled(job: usize): bool {
  return atomic.load<u32>(job, CANCELLED) != 0;
}

/** Counts one finished part; returns how many were finished before it. */
// @ts-ignore: decorator
@inline
export function finish(job: usize): u32 {
  return atomic.add<u32>(job, 1, FINISHED);
}

/** Ends the job with an error at `row`; the first one to fail is the one that is told. */
export function fail(job: usize, row: u32, value: f32): void {
  if (atomic.cmpxchg<u32>(job, 0, 1, FAILED) == 0) {
    atomic.store<u32>(job, row, FAILED + 4);
    atomic.store<u32>(job, reinterpret<u32>(value), FAILED + 8);
  }
  atomic.store<u32>(job, 1, CANCELLED);
}
