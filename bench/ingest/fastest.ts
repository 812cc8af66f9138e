import {
  runCommand,
  type RunOptions,
} from "../../tests/services/run_command.ts";

/** What some work took. */
export interface Cost {
  readonly seconds: number;
  /** Seconds of processors, of the whole process. */
  readonly processor: number;
  /** Most resident memory, in MB. */
  readonly peak: number;
}

/** A command that prints its {@linkcode Cost}, with whatever else it tells, as JSON. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: RunOptions["env"];
}

/** The fastest of some runs of each, taken in turn with those of others, since the machine may do other work. */
export async function fastest<T extends Cost>(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<string, T>> {
  const best = new Map<string, T>();
  for (let round = 0; round < rounds; round++) {
    for (const { name, command, env = {} } of contenders) {
      const cost: T = JSON.parse(await runCommand(command, { env }));
      const before = best.get(name);
      if (before === undefined || cost.seconds < before.seconds) {
        best.set(name, cost);
      }
    }
  }
  return best;
}
