import type { Dimension } from "../../../../algorithms/algorithm.ts";
import type { Random } from "../../../../core/kernels/random.ts";
import { CategoricalKernels } from "./categorical_kernels.ts";
import { kernelWeights } from "./kernel_weights.ts";
import { NumericKernels } from "./numeric_kernels.ts";
import { pairwiseSum } from "./pairwise_sum.ts";
import type { ParameterKernels } from "./parameter_kernels.ts";

/**
 * A density over one or several parameters, estimated from observations: a mixture of products of kernels, one product
 * per observation and one for the prior.
 *
 * Bergstra et al., Algorithms for hyper-parameter optimization, NIPS 2011; several parameters at once: Falkner, Klein,
 * Hutter, BOHB, ICML 2018. Draws and their order are those of Optuna 4.9.
 */
export class ParzenEstimator {
  readonly #dimensions: readonly Dimension[];
  readonly #kernels: readonly ParameterKernels[];
  readonly #weights: Float64Array;
  readonly #logWeights: Float64Array;

  /**
   * @param dimensions One per parameter.
   * @param observations Internal values, oldest first; each holds one per parameter.
   */
  constructor(
    dimensions: readonly Dimension[],
    observations: readonly (readonly number[])[],
  ) {
    this.#dimensions = dimensions;
    this.#kernels = dimensions.map((dimension, parameter) => {
      const values = observations.map((each) => each[parameter]!);
      return dimension.type === "categorical"
        ? new CategoricalKernels(dimension.choices.length, values)
        : new NumericKernels(dimension, values);
    });
    this.#weights = kernelWeights(observations.length);
    this.#logWeights = this.#weights.map(Math.log);
  }

  /**
   * Draws `count` points, internal values by parameter: first a kernel for each, then the categorical parameters in
   * turn, then the numeric ones.
   */
  sample(random: Pick<Random, "float">, count: number): number[][] {
    const kernels = this.#drawKernels(random, count);
    const points = kernels.map((): number[] => []);
    for (const categorical of [true, false]) {
      this.#dimensions.forEach(({ type }, parameter) => {
        if ((type === "categorical") !== categorical) return;
        const own = this.#kernels[parameter]!;
        points.forEach((point, n) => {
          point[parameter] = own.quantile(kernels[n]!, random.float());
        });
      });
    }
    return points;
  }

  /** Log density at a point, internal values by parameter. */
  logDensity(point: readonly number[]): number {
    const sums = new Float64Array(this.#weights.length);
    this.#kernels.forEach((kernels, parameter) =>
      kernels.addLogDensities(point[parameter]!, sums)
    );
    const logs = sums.map((sum, n) => sum + this.#logWeights[n]!);
    const most = logs.reduce((a, b) => Math.max(a, b));
    return Math.log(pairwiseSum(logs.map((log) => Math.exp(log - most)))) +
      most;
  }

  #drawKernels(random: Pick<Random, "float">, count: number): number[] {
    let sum = 0;
    const cumulated = this.#weights.map((weight) => sum += weight);
    return Array.from({ length: count }, () => {
      const q = random.float();
      return cumulated.findIndex((each) => each / sum > q);
    });
  }
}
