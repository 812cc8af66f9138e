/** The confidence of implicit ALS in an interaction of weight `x`: `ln(1 + x / epsilon)`, or `x` without epsilon. */
export function confidence(x: number, epsilon: number | undefined): number {
  return epsilon === undefined ? x : Math.log1p(x / epsilon);
}
