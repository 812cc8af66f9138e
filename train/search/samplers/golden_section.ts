import type { Dimension, SearchSpace } from "../../../algorithms/algorithm.ts";
import type { Sampler } from "../sampler.ts";
import type { StudyTrial } from "../study_trial.ts";

type NumericDimension = Exclude<Dimension, { type: "categorical" }>;

/** 2 - φ: where the longer side of a bracket is divided, as a part of its length. */
const GOLDEN = (3 - Math.sqrt(5)) / 2;

/** A bracket this part of the dimension wide is not divided any further: scores differ by less than their noise there. */
const RESOLUTION = 0.01;

/** Nor is one whose three scores differ by no more than this part of the best: what rises between them rises by less. */
const FLAT = 0.005;

/** A value that was tried, with what is left and right of it. */
interface Bracket {
  readonly left: number;
  readonly middle: number;
  readonly right: number;
  readonly score: number;
  /** Whether the scores at both ends are known and hardly worse. */
  readonly flat: boolean;
}

/**
 * Search for the best value of a single parameter by sections in the golden ratio, in logarithms where the dimension is
 * logarithmic. It needs a score that rises and then falls; then each trial but the first leaves 0.618 of the bracket. It
 * ends where a bracket is a hundredth of the dimension, ten trials from the start, or its scores are next to equal. Nothing is drawn at random: the same scores give the same
 * values, and a study goes on where it stopped.
 *
 * Running and failed trials count as worse than any score; so trials at the same time divide what the others leave.
 *
 * Kiefer, Sequential minimax search for a maximum, Proceedings of the AMS 4 (1953).
 *
 * @throws {TypeError} If the space is not one numeric parameter.
 */
export function goldenSection(space: SearchSpace): Sampler {
  const [[name, dimension] = [], ...others] = Object.entries(space);
  if (!name || !dimension || dimension.type === "categorical" || others[0]) {
    throw new TypeError(
      `Cannot search {${
        Object.keys(space).join(", ")
      }} by golden section: the space must be one numeric parameter`,
    );
  }
  return {
    ask(trials) {
      const scores = scoresByPlace(trials, name, dimension);
      const value = scores.size === 0
        ? valueAt(dimension, GOLDEN)
        : divide(bestBracket(scores), dimension);
      return value === null ? null : { [name]: value };
    },
  };
}

/** Place, from 0 to 1, of each value that was tried → its best score. */
function scoresByPlace(
  trials: readonly StudyTrial[],
  name: string,
  dimension: NumericDimension,
): Map<number, number> {
  const scores = new Map<number, number>();
  for (const { params, score } of trials) {
    const value = Number(params[name]);
    if (!(value >= dimension.low && value <= dimension.high)) continue;
    const place = placeOf(dimension, value);
    scores.set(
      place,
      Math.max(score ?? -Infinity, scores.get(place) ?? -Infinity),
    );
  }
  return scores;
}

/** The bracket about the best score; of equal ones the widest. */
function bestBracket(scores: ReadonlyMap<number, number>): Bracket {
  const places = [...scores.keys()].sort((a, b) => a - b);
  const brackets = places.map((middle, n): Bracket => {
    const [left, right] = [places[n - 1], places[n + 1]];
    const score = scores.get(middle)!;
    const least = score - FLAT * Math.abs(score);
    const flat = [left, right].every((end) =>
      end !== undefined && scores.get(end)! >= least
    );
    return { left: left ?? 0, middle, right: right ?? 1, score, flat };
  });
  return brackets.reduce((best, each) =>
    each.score > best.score ||
      each.score === best.score && width(each) > width(best)
      ? each
      : best
  );
}

/** A new value in the bracket's longer side, or in the other one if only that holds an integer; null: there is none. */
function divide(bracket: Bracket, dimension: NumericDimension): number | null {
  const { left, middle, right } = bracket;
  if (bracket.flat || width(bracket) < RESOLUTION) return null;
  const sides = right - middle > middle - left ? [right, left] : [left, right];
  for (const end of sides) {
    const value = valueAt(dimension, middle + GOLDEN * (end - middle));
    const fallback = valueAt(dimension, middle) + Math.sign(end - middle);
    for (const each of dimension.type === "int" ? [value, fallback] : [value]) {
      const place = placeOf(dimension, each);
      if (place > left && place < right && place !== middle) return each;
    }
  }
  return null;
}

function width({ left, right }: Bracket): number {
  return right - left;
}

function valueAt(dimension: NumericDimension, place: number): number {
  const [low, high] = ends(dimension);
  const scaled = low + place * (high - low);
  const value = dimension.log ? Math.exp(scaled) : scaled;
  return Math.min(
    dimension.high,
    Math.max(
      dimension.low,
      dimension.type === "int" ? Math.round(value) : value,
    ),
  );
}

function placeOf(dimension: NumericDimension, value: number): number {
  const [low, high] = ends(dimension);
  return ((dimension.log ? Math.log(value) : value) - low) / (high - low);
}

/** Half a step beyond both ends of integers, so that the outermost are inside. */
function ends({ type, low, high, log }: NumericDimension): [number, number] {
  const halfStep = type === "int" ? 0.5 : 0;
  return log
    ? [Math.log(low - halfStep), Math.log(high + halfStep)]
    : [low - halfStep, high + halfStep];
}
