/**
 * Holds out a part of the interactions, to score trials on what they have not seen.
 *
 * @module
 */
import type { Csr } from "../core/kernels/csr.ts";
import type { Random } from "../core/kernels/random.ts";
import type { Split } from "../core/recipe/recipe.ts";
import { RecotemError } from "../core/errors.ts";
import type { Interactions } from "./data/interactions.ts";

/** Two matrices of the same shape, users × items, that share no entry. */
export interface SplitResult {
  /** What a trial is fitted on; also what is left out of its rankings. */
  readonly fit: Csr;
  /** What a trial should find; empty rows are users that are not scored. */
  readonly heldOut: Csr;
}

/**
 * Splits by the recipe's scheme; the same interactions, settings and seed give the same split.
 *
 * `random` holds out `floor(n · heldout_ratio)` interactions of each of `floor(users · test_user_ratio)` users;
 * `time_user` the same number, but the latest, and of equally late ones those of the last items; `time_global`
 * everything at or after the `1 - heldout_ratio` quantile of all times. Of the users who have something there,
 * `floor((1 - test_user_ratio) · users)` are not scored: their entries from the quantile on are dropped, so that no
 * model sees the future.
 *
 * @throws {RecotemError} `split_error` when nothing is held out, or everything.
 */
export function splitInteractions(
  interactions: Interactions,
  split: Split,
  random: Random,
): SplitResult {
  const result = split.scheme === "time_global"
    ? splitByTime(interactions, split, random)
    : splitPerUser(interactions, split, random);
  if (result.heldOut.indices.length === 0) {
    throw new RecotemError(
      "split_error",
      `The ${split.scheme} split held out nothing: of ${interactions.matrix.rows} users it tests ` +
        `training.split.test_user_ratio ${split.test_user_ratio}, and holds out an interaction of those who have ` +
        `at least ${
          Math.ceil(1 / split.heldout_ratio)
        }, by heldout_ratio ${split.heldout_ratio}; raise the ratios or add data`,
    );
  }
  if (result.fit.indices.length === 0) {
    throw new RecotemError(
      "split_error",
      `The ${split.scheme} split left nothing to learn from: no time in schema.time_column lies before its cut; lower training.split.heldout_ratio or add earlier data`,
    );
  }
  return result;
}

const FIT = 0;
const HELD_OUT = 1;
const DROPPED = 2;

function splitPerUser(
  { matrix, times }: Interactions,
  split: Split,
  random: Random,
): SplitResult {
  const { indptr } = matrix;
  const latest = split.scheme === "time_user" ? requireTimes(times) : null;
  const side = new Uint8Array(matrix.indices.length);
  const users = shuffle(
    Uint32Array.from({ length: matrix.rows }, (_, user) => user),
    random.fork("users"),
  );
  const draws = random.fork("interactions");
  for (
    const user of users.subarray(
      0,
      Math.floor(matrix.rows * split.test_user_ratio),
    )
  ) {
    const begin = indptr[user]!;
    const count = indptr[user + 1]! - begin;
    const heldOut = Math.floor(count * split.heldout_ratio);
    if (heldOut === 0) continue;
    const order = Uint32Array.from({ length: count }, (_, n) => begin + n);
    if (latest === null) shuffle(order, draws);
    else order.sort((a, b) => latest[a]! - latest[b]! || a - b);
    for (const position of order.subarray(count - heldOut)) {
      side[position] = HELD_OUT;
    }
  }
  return divide(matrix, side);
}

function splitByTime(
  { matrix, times }: Interactions,
  split: Split,
  random: Random,
): SplitResult {
  const all = requireTimes(times);
  const cut = quantile(all, 1 - split.heldout_ratio);
  const side = Uint8Array.from(all, (time) => time >= cut ? HELD_OUT : FIT);
  const scored: number[] = [];
  for (let user = 0; user < matrix.rows; user++) {
    const own = side.subarray(matrix.indptr[user]!, matrix.indptr[user + 1]!);
    if (own.includes(HELD_OUT)) scored.push(user);
  }
  const order = shuffle(Uint32Array.from(scored), random.fork("users"));
  // One rounding error must not take a user from those who are scored.
  const unscored = order.length -
    Math.ceil(order.length * split.test_user_ratio - 1e-9);
  for (const user of order.subarray(0, unscored)) {
    for (let n = matrix.indptr[user]!; n < matrix.indptr[user + 1]!; n++) {
      if (side[n] === HELD_OUT) side[n] = DROPPED;
    }
  }
  return divide(matrix, side);
}

function requireTimes(times: Float64Array | null): Float64Array {
  if (times) return times;
  throw new RecotemError(
    "split_error",
    "A split by time needs schema.time_column",
  );
}

/** The `q` quantile, linearly interpolated between the two nearest values. */
function quantile(values: Float64Array, q: number): number {
  const sorted = values.slice().sort();
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** Fisher-Yates, in place. */
function shuffle(values: Uint32Array, random: Random): Uint32Array {
  for (let n = values.length - 1; n > 0; n--) {
    const other = random.int(n + 1);
    const value = values[n]!;
    values[n] = values[other]!;
    values[other] = value;
  }
  return values;
}

function divide(matrix: Csr, side: Uint8Array): SplitResult {
  return {
    fit: keep(matrix, side, FIT),
    heldOut: keep(matrix, side, HELD_OUT),
  };
}

function keep(
  { rows, cols, indptr, indices, values }: Csr,
  side: Uint8Array,
  wanted: number,
): Csr {
  const kept = {
    rows,
    cols,
    indptr: new Uint32Array(rows + 1),
    indices: indices.filter((_, n) => side[n] === wanted),
    values: values.filter((_, n) => side[n] === wanted),
  };
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let n = indptr[row]!; n < indptr[row + 1]!; n++) {
      if (side[n] === wanted) count++;
    }
    kept.indptr[row + 1] = count;
  }
  return kept;
}
