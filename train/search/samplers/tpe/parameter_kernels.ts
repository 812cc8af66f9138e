/** One parameter's share of the kernels of a mixture: a density per observation in order, then the prior. */
export interface ParameterKernels {
  /** Value at probability `q`, 0 ≤ q < 1, of one kernel. */
  quantile(kernel: number, q: number): number;
  /** Adds the log density of `value` under each kernel to the entry of that kernel. */
  addLogDensities(value: number, logDensities: Float64Array): void;
}
