import type { Random } from "../core/kernels/random.ts";
import type { Split } from "../core/recipe/recipe.ts";
import { requireTimes } from "./_require_times.ts";
import { shuffle } from "./_shuffle.ts";
import { SIDES, type Sides } from "./_sides.ts";
import type { Interactions } from "./data/interactions.ts";

/** The schemes `random` and `time_user`: some interactions of each user who is validated or tested. */
export function splitByUser(
  { matrix, times }: Interactions,
  { scheme, heldout_ratio, test_user_ratio, test_ratio }: Split,
  random: Random,
): Sides {
  const { indptr, values } = matrix;
  const latest = scheme === "time_user" ? requireTimes(times) : null;
  const sides = new Uint8Array(matrix.indices.length).fill(SIDES.FIT);
  const users = shuffle(
    Uint32Array.from({ length: matrix.rows }, (_, user) => user),
    random.fork("users"),
  );
  const others = matrix.rows - Math.floor(matrix.rows * test_ratio);
  const validated = users.subarray(0, Math.floor(others * test_user_ratio));
  const tested = users.subarray(others);
  for (const user of tested) {
    sides.fill(SIDES.TEST_FIT, indptr[user]!, indptr[user + 1]!);
  }
  holdOut(validated, SIDES.HELD_OUT, random.fork("interactions"));
  holdOut(tested, SIDES.TEST, random.fork("test interactions"));
  return {
    sides,
    trainUsers: others - validated.length,
    fitValues: values,
    testFitValues: values,
  };

  function holdOut(some: Uint32Array, side: number, draws: Random): void {
    for (const user of some) {
      const begin = indptr[user]!;
      const count = indptr[user + 1]! - begin;
      const heldOut = Math.floor(count * heldout_ratio);
      if (heldOut === 0) continue;
      const order = Uint32Array.from({ length: count }, (_, n) => begin + n);
      if (latest === null) shuffle(order, draws);
      else order.sort((a, b) => latest[a]! - latest[b]! || a - b);
      for (const position of order.subarray(count - heldOut)) {
        sides[position] = side;
      }
    }
  }
}
