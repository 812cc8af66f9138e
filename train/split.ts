/**
 * Holds out a part of the interactions, to score models on what they have not seen.
 *
 * @module
 */
import type { Csr } from "../core/kernels/csr.ts";
import type { Random } from "../core/kernels/random.ts";
import type { Split } from "../core/recipe/recipe.ts";
import { RecotemError } from "../core/errors.ts";
import { onSides, SIDES } from "./_sides.ts";
import { splitByTime } from "./_split_by_time.ts";
import { splitByUser } from "./_split_by_user.ts";
import type { Interactions } from "./data/interactions.ts";

/** Two matrices of the same shape, users × items, that share no entry. */
export interface SplitResult {
  /** What a model is fitted on; also what is left out of its rankings. */
  readonly fit: Csr;
  /** What it should find; empty rows are users that are not scored. */
  readonly heldOut: Csr;
}

/** What trials are fitted and scored on, and what they never see. */
export interface DataSplit extends SplitResult {
  /** Users chosen neither for trials to be scored on nor for the test. */
  readonly trainUsers: number;
  /** Scores the best model once, after the search; null without `test_ratio`. */
  readonly test: SplitResult | null;
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
 * With a `test_ratio` the test comes first, and what is left is split as if it were all. `random` and `time_user` set
 * `floor(users · test_ratio)` users aside, of whom trials see nothing; the test holds out `floor(n · heldout_ratio)`
 * interactions of each of them. `time_global` sets everything at or after the `1 - test_ratio` quantile of all times
 * aside, which is what the test holds out, of all users. The test's model is fitted on all but what the test holds out:
 * what trials are fitted on, what they are scored on, and what else was known by then.
 *
 * A pair of several rows (`dedup: none`) is where its first row is, since what a user has is never recommended again:
 * splits by time ask for what is new to the user. Rows of it from the cut of `time_global` on are left out of its value.
 *
 * @throws {RecotemError} `split_error` when nothing is held out, or everything.
 */
export function splitInteractions(
  interactions: Interactions,
  split: Split,
  random: Random,
): DataSplit {
  const { matrix } = interactions;
  const { sides, trainUsers, fitValues, testFitValues } =
    split.scheme === "time_global"
      ? splitByTime(interactions, split, random)
      : splitByUser(interactions, split, random);
  const only = (wanted: number, values: Float32Array) =>
    onSides(matrix, sides, (side) => side === wanted, values);
  const result: DataSplit = {
    fit: only(SIDES.FIT, fitValues),
    heldOut: only(SIDES.HELD_OUT, matrix.values),
    trainUsers,
    test: split.test_ratio === 0 ? null : {
      fit: onSides(matrix, sides, (side) => side !== SIDES.TEST, testFitValues),
      heldOut: only(SIDES.TEST, matrix.values),
    },
  };
  requireBothSides(result, matrix.rows, split);
  return result;
}

function requireBothSides(
  { fit, heldOut, test }: DataSplit,
  users: number,
  split: Split,
): void {
  const { scheme, heldout_ratio, test_user_ratio, test_ratio } = split;
  if (fit.indices.length === 0) {
    throw new RecotemError(
      "split_error",
      `The ${scheme} split left nothing to learn from: no time in schema.time_column lies before its cut; lower training.split.heldout_ratio or test_ratio, or add earlier data`,
    );
  }
  const held = `holds out an interaction of those who have at least ${
    Math.ceil(1 / heldout_ratio)
  }, by heldout_ratio ${heldout_ratio}; raise the ratios or add data`;
  if (heldOut.indices.length === 0) {
    throw new RecotemError(
      "split_error",
      `The ${scheme} split held out nothing: of ${users} users it tests training.split.test_user_ratio ${test_user_ratio}, and ${held}`,
    );
  }
  if (test?.heldOut.indices.length === 0) {
    throw new RecotemError(
      "split_error",
      `The ${scheme} split held out nothing for the test: of ${users} users it sets training.split.test_ratio ${test_ratio} aside, and ${held}`,
    );
  }
}
