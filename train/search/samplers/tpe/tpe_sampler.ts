import type {
  Dimension,
  SearchSpace,
} from "../../../../algorithms/algorithm.ts";
import type { Random } from "../../../../core/kernels/random.ts";
import type { Params } from "../../draw.ts";
import { toExternal, toInternal } from "../../internal_value.ts";
import type { Sampler } from "../../sampler.ts";
import type { StudyTrial } from "../../study_trial.ts";
import { Mt19937 } from "./mt19937.ts";
import { ParzenEstimator } from "./parzen_estimator.ts";
import { splitTrials } from "./split_trials.ts";
import { uniformValue } from "./uniform_value.ts";

/** Trials that must have ended before densities are estimated. */
const STARTUP_TRIALS = 10;
/** Points drawn from the density of the good trials, of which the most promising one is taken. */
const CANDIDATES = 24;

/** What tells Optuna's versions apart. */
export interface TpeOptions {
  /** Integer from 0 to 2³² - 1. */
  readonly seed: number;
  /** Whether all parameters are drawn from one density, or each from its own. */
  readonly multivariate: boolean;
  /** Whether running trials count as bad ones, so that trials at the same time keep apart. */
  readonly constantLiar: boolean;
}

type NamedDimension = readonly [name: string, dimension: Dimension];

/**
 * Tree-structured Parzen estimator: estimates the densities l of the parameters of good trials and g of the others, draws
 * from l and takes the point with the largest l/g. The first trials are drawn uniformly.
 *
 * Bergstra et al., Algorithms for hyper-parameter optimization, NIPS 2011. O(trials × parameters) per trial.
 */
export class TpeSampler implements Sampler {
  readonly #space: readonly NamedDimension[];
  readonly #multivariate: boolean;
  readonly #constantLiar: boolean;
  /** Optuna seeds both alike. */
  readonly #startup: Pick<Random, "float">;
  readonly #random: Pick<Random, "float">;

  constructor(
    space: SearchSpace,
    { seed, multivariate, constantLiar }: TpeOptions,
  ) {
    this.#space = Object.entries(space);
    this.#multivariate = multivariate;
    this.#constantLiar = constantLiar;
    this.#startup = new Mt19937(seed);
    this.#random = new Mt19937(seed);
  }

  ask(trials: readonly StudyTrial[]): Params {
    const finished = trials.filter(({ state }) =>
      state === "complete" || state === "pruned"
    );
    const starting = finished.length < STARTUP_TRIALS;
    const known = this.#constantLiar
      ? trials
      : trials.filter(({ state }) => state !== "running");
    const drawn = new Map<string, number>();
    if (this.#multivariate && !starting) {
      this.#draw(this.#shared(finished), known, drawn);
    }
    for (const named of this.#space) {
      const [name, dimension] = named;
      if (drawn.has(name)) continue;
      if (isSingle(dimension)) {
        drawn.set(name, dimension.type === "categorical" ? 0 : dimension.low);
      } else if (starting) {
        drawn.set(name, uniformValue(dimension, this.#startup));
      } else this.#draw([named], known, drawn);
    }
    return Object.fromEntries(
      this.#space.map((
        [name, dimension],
      ) => [name, toExternal(dimension, drawn.get(name)!)]),
    );
  }

  /** The parameters that every finished trial has, by name. */
  #shared(finished: readonly StudyTrial[]): NamedDimension[] {
    return this.#space
      .filter(([, dimension]) => !isSingle(dimension))
      .filter((named) => finished.every((trial) => observe(trial, [named])))
      .sort(([a], [b]) => a < b ? -1 : 1);
  }

  /** Draws a point for these parameters. */
  #draw(
    space: readonly NamedDimension[],
    trials: readonly StudyTrial[],
    drawn: Map<string, number>,
  ): void {
    if (space.length === 0) return;
    const dimensions = space.map(([, dimension]) => dimension);
    const { below, above } = splitTrials(trials);
    const [good, bad] = [below, above].map((side) =>
      new ParzenEstimator(
        dimensions,
        side.flatMap((trial) => {
          const point = observe(trial, space);
          return point ? [point] : [];
        }),
      )
    ) as [ParzenEstimator, ParzenEstimator];
    const points = good.sample(this.#random, CANDIDATES);
    const gains = points.map((point) =>
      good.logDensity(point) - bad.logDensity(point)
    );
    const chosen = points[gains.indexOf(Math.max(...gains))]!;
    space.forEach(([name], n) => drawn.set(name, chosen[n]!));
  }
}

/** Internal values of these parameters, or null when the trial lacks one. */
function observe(
  { params }: StudyTrial,
  space: readonly NamedDimension[],
): number[] | null {
  const point: number[] = [];
  for (const [name, dimension] of space) {
    const value = params[name];
    const internal = value === undefined ? null : toInternal(dimension, value);
    if (internal === null) return null;
    point.push(internal);
  }
  return point;
}

function isSingle(dimension: Dimension): boolean {
  return dimension.type === "categorical"
    ? dimension.choices.length === 1
    : dimension.low === dimension.high;
}
