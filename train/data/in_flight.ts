/** Results of tasks, in their order; `count` of them are under way at once. None is when the generator has ended. */
export async function* inFlight<T>(
  tasks: Iterable<() => Promise<T>>,
  count: number,
): AsyncGenerator<T> {
  const started: Promise<T>[] = [];
  try {
    for (const task of tasks) {
      const result = task();
      // A failure is told in its turn; until then nobody listens.
      result.catch(() => {});
      started.push(result);
      if (started.length === count) yield await started.shift()!;
    }
    while (started.length > 0) yield await started.shift()!;
  } finally {
    await Promise.allSettled(started);
  }
}
