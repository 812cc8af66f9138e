const LANES = 8;
const BLOCK = 128;

/**
 * Sum in the order that numpy takes along a contiguous axis: eight lanes per block of 128, blocks by halves. Scores that
 * are equal but for their rounding are then told apart as Optuna tells them.
 */
export function pairwiseSum(
  values: ArrayLike<number>,
  start = 0,
  end: number = values.length,
): number {
  const count = end - start;
  if (count < LANES) return sumInOrder(values, start, end, 0);
  if (count > BLOCK) {
    const half = count >> 1;
    const middle = start + half - half % LANES;
    return pairwiseSum(values, start, middle) +
      pairwiseSum(values, middle, end);
  }
  const lanes = new Float64Array(LANES);
  const even = end - count % LANES;
  for (let n = start; n < even; n++) lanes[(n - start) % LANES]! += values[n]!;
  const sum = ((lanes[0]! + lanes[1]!) + (lanes[2]! + lanes[3]!)) +
    ((lanes[4]! + lanes[5]!) + (lanes[6]! + lanes[7]!));
  return sumInOrder(values, even, end, sum);
}

function sumInOrder(
  values: ArrayLike<number>,
  start: number,
  end: number,
  initial: number,
): number {
  let sum = initial;
  for (let n = start; n < end; n++) sum += values[n]!;
  return sum;
}
