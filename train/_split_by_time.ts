import type { Random } from "../core/kernels/random.ts";
import type { Split } from "../core/recipe/recipe.ts";
import { requireTimes } from "./_require_times.ts";
import { shuffle } from "./_shuffle.ts";
import { SIDES, type Sides } from "./_sides.ts";
import type { Interactions } from "./data/interactions.ts";

/** The scheme `time_global`: all that comes after a point in time, and for the test after a later one. */
export function splitByTime(
  interactions: Interactions,
  { heldout_ratio, test_user_ratio, test_ratio }: Split,
  random: Random,
): Sides {
  const { matrix } = interactions;
  const firsts = requireTimes(interactions.times);
  const ofRows = timesOfRows(interactions);
  const testCut = test_ratio === 0
    ? Infinity
    : quantile(ofRows, 1 - test_ratio);
  const cut = quantile(
    ofRows.filter((time) => time < testCut),
    1 - heldout_ratio,
  );
  const sides = Uint8Array.from(firsts, (time) => {
    if (time >= testCut) return SIDES.TEST;
    return time >= cut ? SIDES.HELD_OUT : SIDES.FIT;
  });
  const candidates: number[] = [];
  let onlyTested = 0;
  for (let user = 0; user < matrix.rows; user++) {
    const own = sides.subarray(matrix.indptr[user]!, matrix.indptr[user + 1]!);
    if (own.includes(SIDES.HELD_OUT)) candidates.push(user);
    else if (own.includes(SIDES.TEST)) onlyTested++;
  }
  const order = shuffle(Uint32Array.from(candidates), random.fork("users"));
  // One rounding error must not take a user from those who are scored.
  const scored = Math.ceil(order.length * test_user_ratio - 1e-9);
  let alsoTested = 0;
  for (const user of order.subarray(0, order.length - scored)) {
    const own = sides.subarray(matrix.indptr[user]!, matrix.indptr[user + 1]!);
    if (own.includes(SIDES.TEST)) alsoTested++;
    for (const [n, side] of own.entries()) {
      if (side === SIDES.HELD_OUT) own[n] = SIDES.DROPPED;
    }
  }
  return {
    sides,
    trainUsers: matrix.rows - scored - onlyTested - alsoTested,
    fitValues: valuesBefore(cut, interactions),
    testFitValues: valuesBefore(testCut, interactions),
  };
}

function timesOfRows({ times, repeats }: Interactions): Float64Array {
  if (repeats === null) return times!;
  const all = new Float64Array(times!.length + repeats.times.length);
  all.set(times!);
  all.set(repeats.times, times!.length);
  return all;
}

/** The values without the rows at or after a time; those of pairs whose first row is there are left as they are. */
function valuesBefore(
  cut: number,
  { matrix, times, repeats }: Interactions,
): Float32Array {
  if (repeats === null) return matrix.values;
  const values = matrix.values.slice();
  for (const [n, position] of repeats.positions.entries()) {
    if (repeats.times[n]! >= cut && times![position]! < cut) {
      values[position]!--;
    }
  }
  return values;
}

/** The `q` quantile, linearly interpolated between the two nearest values. */
function quantile(values: Float64Array, q: number): number {
  const sorted = values.slice().sort();
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
