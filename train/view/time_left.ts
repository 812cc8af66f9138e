/** A trial that has ended. */
export interface EndedTrial {
  readonly algorithm: string;
  readonly seconds: number;
  /** Operations that it was estimated to take; null: not known. */
  readonly flops: number | null;
}

/** A trial under way. */
export interface RunningTrial {
  readonly algorithm: string;
  /** How long it has been running. */
  readonly seconds: number;
  /** As of {@linkcode EndedTrial}. */
  readonly flops: number | null;
}

/** What is known of a search. */
export interface SearchCourse {
  readonly ended: readonly EndedTrial[];
  readonly running: readonly RunningTrial[];
  /** Trials that there will be, at most. */
  readonly total: number;
  /** Trials at a time. */
  readonly parallelism: number;
  /** Operations that a trial of each algorithm of the search takes, roughly. */
  readonly flops: ReadonlyMap<string, number>;
}

/** Rounds over all algorithms that show what the next trials will be. */
const ROUNDS = 2;

/**
 * Seconds until a search ends, by what its trials took so far; null before the first has ended.
 *
 * A trial takes as long for each operation as those of its algorithm did, or as all did where it has none yet. Trials
 * that are not chosen yet are expected to be of the algorithms that the latest are of, once each has had its turn; and
 * to take as long as these, or as a trial with parameters from the middle of their ranges if that is longer: a search
 * goes from small models to large ones.
 */
export function timeLeft(course: SearchCourse): number | null {
  const { ended, running, total, parallelism, flops } = course;
  if (ended.length === 0) return null;
  function expected(algorithm: string, operations: number | null): number {
    const own = ended.filter((trial) => trial.algorithm === algorithm);
    const rate = secondsPerFlop(own) ?? secondsPerFlop(ended);
    return operations === null || rate === null
      ? mean((own.length > 0 ? own : ended).map(({ seconds }) => seconds))
      : operations * rate;
  }
  const unfinished = running.map(({ algorithm, seconds, flops }) => ({
    algorithm,
    seconds: Math.max(seconds, expected(algorithm, flops)),
    left: Math.max(0, expected(algorithm, flops) - seconds),
  }));
  const open = Math.max(0, total - ended.length - running.length);
  const begun = [...ended, ...unfinished];
  const untried = [...flops].filter(([algorithm]) =>
    begun.every((trial) => trial.algorithm !== algorithm)
  ).slice(0, open);
  const latest = begun.slice(-ROUNDS * Math.max(1, flops.size));
  const ahead = Map.groupBy(latest, ({ algorithm }) => algorithm).entries()
    .map(([algorithm, own]) => {
      const usual = expected(algorithm, flops.get(algorithm) ?? null);
      const now = mean(own.map(({ seconds }) => seconds));
      return own.length * Math.max(usual, now);
    }).reduce((sum, seconds) => sum + seconds, 0) / latest.length;
  const work = unfinished.reduce((sum, { left }) => sum + left, 0) +
    untried.reduce((sum, entry) => sum + expected(...entry), 0) +
    (open - untried.length) * ahead;
  const longest = Math.max(0, ...unfinished.map(({ left }) => left));
  return Math.max(longest, work / parallelism);
}

function secondsPerFlop(trials: readonly EndedTrial[]): number | null {
  let seconds = 0;
  let operations = 0;
  for (const trial of trials) {
    if (trial.flops === null) continue;
    seconds += trial.seconds;
    operations += trial.flops;
  }
  return operations > 0 ? seconds / operations : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
