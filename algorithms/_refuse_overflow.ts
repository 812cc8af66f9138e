/** Scores are summed in single precision, which ends at 3.4e38. */
const LARGEST_SCORE = 1e38;

/**
 * Refuses a matrix whose neighbours' scores could overflow. A sum of products of two rows or columns is at most the
 * product of their norms (Cauchy, Schwarz); a score is a sum of those times the weights of one history.
 *
 * @throws {RangeError} When the scores could overflow.
 */
export function refuseOverflow(
  name: string,
  weights: Float32Array,
  leftNorms: Float32Array,
  rightNorms: Float32Array,
): void {
  const total = weights.reduce((sum, value) => sum + Math.abs(value), 0);
  const bound = largest(leftNorms) * largest(rightNorms) * Math.max(1, total);
  if (bound <= LARGEST_SCORE) return;
  throw new RangeError(
    `${name} would overflow: scores may reach ${bound}, must be at most ${LARGEST_SCORE}; scale the interaction weights down`,
  );
}

function largest(numbers: Float32Array): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}
