import type { Dimension, SearchSpace } from "../../../algorithms/algorithm.ts";
import type { Params } from "../draw.ts";
import type { Sampler } from "../sampler.ts";
import type { StudyTrial } from "../study_trial.ts";
import { tpe50 } from "./tpe50.ts";

/** The parameter that is doubled. */
const DOUBLED = "n_components";

/** How far from the best value of one size the next size searches, as a factor. */
const NEIGHBOURHOOD = 3;

/** Options of {@linkcode doubling}. */
export interface DoublingOptions {
  /** Seed of the first size, an integer from 0 to 2³² - 1; each following size has the next. */
  readonly seed: number;
  /** The first number of components. */
  readonly first: number;
  /** Trials of the first size; Rendle: 40. */
  readonly initialTrials: number;
  /** Trials of each size between the first and the last; Rendle: 20. */
  readonly followingTrials: number;
}

/**
 * Doubles `n_components` while it stays in its dimension; the last size takes all trials that are left. The first size is searched in the whole space; each other one
 * about the best complete trial of the size before: float parameters from a third to three times the value and within the
 * dimension, others as they were. Within a size {@linkcode tpe50} chooses.
 *
 * Rendle et al., Revisiting the performance of iALS on item recommendation benchmarks, RecSys 2022,
 * https://arxiv.org/abs/2110.14037
 *
 * @throws {TypeError} If `n_components` is not an integer dimension of the space.
 * @throws {RangeError} If the first size is outside of it.
 */
export function doubling(
  space: SearchSpace,
  { seed, first, initialTrials, followingTrials }: DoublingOptions,
): Sampler {
  const { [DOUBLED]: sizes, ...others } = space;
  if (sizes?.type !== "int") {
    throw new TypeError(
      `Cannot double ${DOUBLED}: it must be an integer dimension of the space`,
    );
  }
  if (!(first >= sizes.low && first <= sizes.high)) {
    throw new RangeError(
      `Cannot begin with ${DOUBLED} ${first}: it must be from ${sizes.low} to ${sizes.high}`,
    );
  }
  const ladder: number[] = [];
  for (let size = first; size <= sizes.high; size *= 2) ladder.push(size);
  const samplers: Sampler[] = [];
  return {
    ask(trials) {
      for (const [step, size] of ladder.entries()) {
        const own = ofSize(trials, size);
        const most = step === ladder.length - 1
          ? Infinity
          : step === 0
          ? initialTrials
          : followingTrials;
        if (own.length >= most) continue;
        // What is searched stays as it was when the first trial of the size was asked for.
        const sampler = samplers[step] ??= tpe50({
          [DOUBLED]: fixed(size),
          ...neighbourhood(others, best(ofSize(trials, size / 2))),
        }, (seed + step) >>> 0);
        return sampler.ask(own);
      }
      return null;
    },
  };
}

function ofSize(trials: readonly StudyTrial[], size: number): StudyTrial[] {
  return trials.filter(({ params }) => params[DOUBLED] === size);
}

function best(trials: readonly StudyTrial[]): StudyTrial | null {
  return trials.filter(({ state }) => state === "complete").reduce(
    (best: StudyTrial | null, each) =>
      best !== null && best.score! >= each.score! ? best : each,
    null,
  );
}

/** The space about a trial; all of it when there is none. */
function neighbourhood(
  space: SearchSpace,
  centre: StudyTrial | null,
): SearchSpace {
  if (centre === null) return space;
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const value = centre.params[name]!;
      return [
        name,
        dimension.type === "float"
          ? around(dimension, Number(value))
          : fixed(value),
      ];
    }),
  );
}

/** Factors mean nothing about 0 and below; such a value is searched in the whole dimension again. */
function around(
  dimension: Extract<Dimension, { type: "float" }>,
  value: number,
): Dimension {
  if (value <= 0) return dimension;
  return {
    ...dimension,
    low: Math.max(dimension.low, value / NEIGHBOURHOOD),
    high: Math.min(dimension.high, value * NEIGHBOURHOOD),
  };
}

function fixed(value: Params[string]): Dimension {
  return { type: "categorical", choices: [value] };
}
