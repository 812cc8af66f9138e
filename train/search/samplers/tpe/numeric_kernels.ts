import type { Dimension } from "../../../../algorithms/algorithm.ts";
import { LOG_SQRT_2_PI } from "../normal/log_normal_cdf.ts";
import { logNormalMass } from "../normal/log_normal_mass.ts";
import { truncatedNormalQuantile } from "../normal/truncated_normal_quantile.ts";
import type { ParameterKernels } from "./parameter_kernels.ts";

/** A dimension with ends. */
export type NumericDimension = Exclude<Dimension, { type: "categorical" }>;

/** The range of a dimension over this is the narrowest kernel there may be, however many observations there are. */
const MOST_KERNELS_PER_RANGE = 100;

/**
 * Kernels of a numeric parameter: normal distributions about the observations, truncated to the dimension, as wide as
 * the larger gap to a neighbour; the prior is about the middle, as wide as the dimension. In logarithms where the
 * dimension is logarithmic; an integer stands for the interval half a step to both sides.
 *
 * Bergstra et al., Algorithms for hyper-parameter optimization, NIPS 2011, with the widths of Optuna 4.9.
 */
export class NumericKernels implements ParameterKernels {
  readonly #dimension: NumericDimension;
  readonly #halfStep: number;
  readonly #low: number;
  readonly #high: number;
  readonly #means: Float64Array;
  readonly #deviations: Float64Array;
  /** Log of what truncation leaves of each kernel, by kernel. */
  readonly #logMasses: Float64Array;

  /** @param observations Observed values, in any order. */
  constructor(dimension: NumericDimension, observations: readonly number[]) {
    this.#dimension = dimension;
    this.#halfStep = dimension.type === "int" ? 0.5 : 0;
    this.#low = this.#scale(dimension.low - this.#halfStep);
    this.#high = this.#scale(dimension.high + this.#halfStep);
    const means = observations.map((value) => this.#scale(value));
    const deviations = gaps(means, this.#low, this.#high);
    this.#means = Float64Array.of(...means, (this.#low + this.#high) / 2);
    this.#deviations = Float64Array.of(...deviations, this.#high - this.#low);
    this.#logMasses = this.#means.map((mean, n) =>
      logNormalMass(
        (this.#low - mean) / this.#deviations[n]!,
        (this.#high - mean) / this.#deviations[n]!,
      )
    );
  }

  quantile(kernel: number, q: number): number {
    const { type, low, high, log } = this.#dimension;
    const mean = this.#means[kernel]!;
    const deviation = this.#deviations[kernel]!;
    const scaled = mean + deviation * truncatedNormalQuantile(
          q,
          (this.#low - mean) / deviation,
          (this.#high - mean) / deviation,
        );
    const value = log ? Math.exp(scaled) : scaled;
    return Math.min(
      high,
      Math.max(low, type === "int" ? Math.round(value) : value),
    );
  }

  addLogDensities(value: number, logDensities: Float64Array): void {
    const left = this.#scale(value - this.#halfStep);
    const right = this.#scale(value + this.#halfStep);
    for (let n = 0; n < logDensities.length; n++) {
      const mean = this.#means[n]!;
      const deviation = this.#deviations[n]!;
      const standard = (left - mean) / deviation;
      const logKernel = this.#halfStep > 0
        ? logNormalMass(standard, (right - mean) / deviation)
        : -standard * standard / 2 - LOG_SQRT_2_PI - Math.log(deviation);
      logDensities[n]! += logKernel - this.#logMasses[n]!;
    }
  }

  #scale(value: number): number {
    return this.#dimension.log ? Math.log(value) : value;
  }
}

/** The larger gap of each mean to its neighbours, within bounds; the outermost have one neighbour, a single one the ends. */
function gaps(
  means: readonly number[],
  low: number,
  high: number,
): Float64Array {
  const count = means.length;
  const order = means.map((_, n) => n).sort((a, b) => means[a]! - means[b]!);
  const narrowest = (high - low) /
    Math.min(MOST_KERNELS_PER_RANGE, count + 2);
  const deviations = new Float64Array(count);
  order.forEach((n, place) => {
    const left = means[n]! - (means[order[place - 1] ?? -1] ?? low);
    const right = (means[order[place + 1] ?? -1] ?? high) - means[n]!;
    const gap = count > 1 && place === 0
      ? right
      : count > 1 && place === count - 1
      ? left
      : Math.max(left, right);
    deviations[n] = Math.min(high - low, Math.max(narrowest, gap));
  });
  return deviations;
}
