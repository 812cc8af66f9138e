import { pairwiseSum } from "./pairwise_sum.ts";
import type { ParameterKernels } from "./parameter_kernels.ts";

/**
 * Kernels of a categorical parameter over n observations: weight 1 + 1/(n + 1) for the observed choice, 1/(n + 1) for
 * any other, normalised; the prior is uniform.
 */
export class CategoricalKernels implements ParameterKernels {
  /** Probability of each choice, by kernel. */
  readonly #rows: readonly Float64Array[];

  /**
   * @param choices How many there are.
   * @param observations Indices of the observed choices.
   */
  constructor(choices: number, observations: readonly number[]) {
    const share = 1 / (observations.length + 1);
    this.#rows = [...observations, null].map((observed) => {
      const row = new Float64Array(choices).fill(share);
      if (observed !== null) row[observed]! += 1;
      const sum = pairwiseSum(row);
      return row.map((weight) => weight / sum);
    });
  }

  quantile(kernel: number, q: number): number {
    const row = this.#rows[kernel]!;
    let sum = row[0]!;
    let choice = 0;
    while (sum < q && choice < row.length - 1) sum += row[++choice]!;
    return choice;
  }

  addLogDensities(value: number, logDensities: Float64Array): void {
    for (let n = 0; n < logDensities.length; n++) {
      logDensities[n]! += Math.log(this.#rows[n]![value]!);
    }
  }
}
