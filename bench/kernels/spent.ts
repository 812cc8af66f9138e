import process from "node:process";

/** Seconds on the clock, and of all processors together. */
export interface Spent {
  readonly seconds: number;
  readonly processor: number;
}

/** What one run takes. */
export async function once(run: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1e3;
  const { user, system } = process.cpuUsage(before);
  return { seconds, processor: (user + system) / 1e6 };
}

/** The least of some runs after one that is not counted; `prepare` is not counted either. */
export async function best(
  run: () => Promise<unknown>,
  runs: number,
  prepare: () => void = () => {},
): Promise<Spent> {
  const spent: Spent[] = [];
  for (let r = 0; r <= runs; r++) {
    prepare();
    spent.push(await once(run));
  }
  const counted = spent.slice(1);
  return {
    seconds: Math.min(...counted.map(({ seconds }) => seconds)),
    processor: Math.min(...counted.map(({ processor }) => processor)),
  };
}
