/** Something to do whose result takes memory. */
export interface SizedTask<T> {
  readonly run: () => Promise<T>;
  /** Size of the result, in the unit of {@linkcode FlightLimits}. */
  readonly size: number;
}

/** What may be under way at once, together with the result that was given last. */
export interface FlightLimits {
  readonly tasks: number;
  /** Sum of the results' sizes; a larger result is under way alone. */
  readonly size: number;
}

/** Results of tasks, in their order, with as many of them under way as the limits allow; none when the generator has ended. */
export async function* inFlight<T>(
  tasks: Iterable<SizedTask<T>>,
  limits: FlightLimits,
): AsyncGenerator<T> {
  const started: { result: Promise<T>; size: number }[] = [];
  let total = 0;
  try {
    for (const { run, size } of tasks) {
      while (
        started.length > 0 &&
        (started.length >= limits.tasks || total + size > limits.size)
      ) {
        const first = started.shift()!;
        yield await first.result;
        total -= first.size;
      }
      const result = run();
      // A failure is told in its turn; until then nobody listens.
      result.catch(() => {});
      started.push({ result, size });
      total += size;
    }
    while (started.length > 0) yield await started.shift()!.result;
  } finally {
    await Promise.allSettled(started.map(({ result }) => result));
  }
}
