/** `cores` shared among `workers`, at least one each, the first ones taking what is over. */
export function shareThreads(cores: number, workers: number): number[] {
  return Array.from(
    { length: workers },
    (_, n) =>
      Math.max(1, Math.floor(cores / workers) + (n < cores % workers ? 1 : 0)),
  );
}
