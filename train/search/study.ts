import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { StudyState } from "./choose_study.ts";
import { createSampler, type SamplerOptions } from "./create_sampler.ts";
import type { Params } from "./draw.ts";
import { hopelessBelow } from "./hopeless_below.ts";
import type { Sampler } from "./sampler.ts";
import type { StudyTrial } from "./study_trial.ts";

/**
 * The trials of one algorithm. What it knows of a trial is nothing but its parameters until it is told the result, which
 * happens in the order of the trials: so the course of a search does not depend on which trial is done first.
 */
export class Study {
  /** What is learned. */
  readonly algorithm: Algorithm;
  readonly #budget: number | null;
  readonly #sampler: Sampler;
  readonly #trials = new Map<number, StudyTrial>();
  #exhausted = false;

  /** @param budget Trials that the recipe gives to the algorithm; null leaves it to the search. */
  constructor(
    algorithm: Algorithm,
    budget: number | null,
    options: SamplerOptions,
  ) {
    this.algorithm = algorithm;
    this.#budget = budget;
    this.#sampler = createSampler(algorithm.space, options);
  }

  /** What the choice of the next trial's algorithm rests on. */
  get state(): StudyState {
    return {
      asked: this.#trials.size,
      scores: [...this.#trials.values()].flatMap(({ score }) => score ?? []),
      exhausted: this.#exhausted,
      budget: this.#budget,
    };
  }

  /**
   * Parameters of the next trial, or null when none is worth it.
   *
   * @param kept Those that an earlier run gave it, if it did; the sampler is asked all the same, so that what it draws
   * next is what it would have drawn then.
   */
  ask(number: number, kept: Params | null): Params | null {
    const drawn = this.#sampler.ask([...this.#trials.values()]);
    const params = kept ?? drawn;
    if (params === null) this.#exhausted = true;
    else {
      this.#trials.set(number, {
        number,
        params,
        state: "running",
        score: null,
        curve: new Map(),
      });
    }
    return params;
  }

  /** Takes note of a result. */
  tell(trial: StudyTrial): void {
    this.#trials.set(trial.number, trial);
  }

  /** By epoch, the score below which a trial that begins now is to be stopped. */
  hopelessBelow(): Map<number, number> {
    return hopelessBelow(
      [...this.#trials.values()].filter(({ state }) => state === "complete")
        .map(({ curve }) => curve),
    );
  }
}
