import type { EventFields } from "../../core/config/events.ts";
import { type EndedTrial, timeLeft } from "./time_left.ts";

/** How one algorithm does. */
export interface Standing {
  readonly algorithm: string;
  readonly score: number | null;
  readonly trials: number;
  readonly seconds: number;
}

/** A trial under way. */
interface Started {
  readonly algorithm: string;
  /** Milliseconds. */
  readonly since: number;
  readonly flops: number | null;
}

/** How far a search is, by its events. */
export class SearchProgress {
  /** Trials that there will be, at most. */
  readonly total: number;
  /** What is scored, such as `ndcg@20`. */
  readonly metric: string;
  readonly #begun: number;
  readonly #parallelism: number;
  readonly #limit: number;
  readonly #flops: ReadonlyMap<string, number>;
  readonly #running = new Map<number, Started>();
  readonly #ended: EndedTrial[] = [];
  readonly #standings = new Map<string, Standing>();

  /**
   * @param started Fields of the event `search_started`.
   * @param now Milliseconds.
   */
  constructor(started: EventFields, now: number) {
    const { n_trials, metric, cutoff, parallelism, timeout_seconds, flops } =
      started;
    this.total = Number(n_trials);
    this.metric = `${metric}@${cutoff}`;
    this.#begun = now;
    this.#parallelism = Number(parallelism ?? 1);
    this.#limit = Number(timeout_seconds ?? Infinity);
    this.#flops = new Map(Object.entries(flops ?? {}) as [string, number][]);
  }

  /** Trials that have ended. */
  get done(): number {
    return this.#ended.length;
  }

  /** How each algorithm does that has ended a trial, best first. */
  get standings(): readonly Standing[] {
    return [...this.#standings.values()].sort((a, b) =>
      (b.score ?? -1) - (a.score ?? -1)
    );
  }

  /** Takes note of `trial_started`. */
  start({ trial, algorithm, flops }: EventFields, now: number): void {
    this.#running.set(Number(trial), {
      algorithm: String(algorithm),
      since: now,
      flops: flops === null ? null : Number(flops),
    });
  }

  /** Takes note of `trial_done`. */
  end({ trial, algorithm, score, seconds }: EventFields): void {
    const name = String(algorithm);
    const started = this.#running.get(Number(trial));
    this.#running.delete(Number(trial));
    this.#ended.push({
      algorithm: name,
      seconds: Number(seconds),
      flops: started?.flops ?? null,
    });
    const before = this.#standings.get(name);
    const scores = [before?.score, score].filter((one) =>
      typeof one === "number"
    );
    this.#standings.set(name, {
      algorithm: name,
      score: scores.length > 0 ? Math.max(...scores) : null,
      trials: (before?.trials ?? 0) + 1,
      seconds: (before?.seconds ?? 0) + Number(seconds),
    });
  }

  /** Trials under way and for how many seconds each. */
  running(now: number): { algorithm: string; seconds: number }[] {
    return [...this.#running.values()].map(({ algorithm, since }) => ({
      algorithm,
      seconds: (now - since) / 1000,
    }));
  }

  /** Seconds since the search began. */
  elapsed(now: number): number {
    return (now - this.#begun) / 1000;
  }

  /** Seconds until it ends, an estimate; null while there is none. */
  left(now: number): number | null {
    const left = timeLeft({
      ended: this.#ended,
      running: [...this.#running.values()].map((
        { algorithm, since, flops },
      ) => ({ algorithm, flops, seconds: (now - since) / 1000 })),
      total: this.total,
      parallelism: this.#parallelism,
      flops: this.#flops,
    });
    return left === null
      ? null
      : Math.max(0, Math.min(left, this.#limit - this.elapsed(now)));
  }
}
