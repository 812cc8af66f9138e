import process from "node:process";

/** Seconds on the clock, and of all processors together. */
export interface Spent {
  readonly seconds: number;
  readonly processor: number;
}

/** The least of some runs after one that is not counted; `prepare` is not counted either. */
export async function best(
  run: () => Promise<unknown>,
  runs: number,
  prepare: () => void = () => {},
): Promise<Spent> {
  const clock: number[] = [];
  const processor: number[] = [];
  for (let r = 0; r <= runs; r++) {
    prepare();
    const before = process.cpuUsage();
    const start = performance.now();
    await run();
    clock.push((performance.now() - start) / 1e3);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1e6);
  }
  return {
    seconds: Math.min(...clock.slice(1)),
    processor: Math.min(...processor.slice(1)),
  };
}
