import type {
  Algorithm,
  Cost,
  Dimension,
  MatrixShape,
  SearchSpace,
} from "../../algorithms/algorithm.ts";
import type { Params } from "./draw.ts";
import { trialParams } from "./trial_params.ts";

/** What the trials of an algorithm take. */
export interface Estimate {
  /** Memory of a trial with the largest parameters, beyond the matrix. */
  readonly bytes: number;
  /** Operations of a trial with parameters from the middle of their ranges. */
  readonly flops: number;
}

/** What the trials of an algorithm take on a matrix of this shape, before any has run. */
export function estimate(algorithm: Algorithm, shape: MatrixShape): Estimate {
  const at = (pick: (dimension: Dimension) => Params[string]) =>
    trialCost(algorithm, pickParams(algorithm.space, pick), shape);
  return { bytes: at(largest).bytes, flops: at(middle).flops };
}

/**
 * What one trial takes.
 *
 * @throws What the algorithm's schema throws when it refuses a value.
 */
export function trialCost(
  algorithm: Algorithm,
  params: Params,
  shape: MatrixShape,
): Cost {
  return algorithm.cost(shape, trialParams(algorithm, params));
}

function pickParams(
  space: SearchSpace,
  pick: (dimension: Dimension) => Params[string],
): Params {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [name, pick(dimension)]),
  );
}

function largest(dimension: Dimension): Params[string] {
  return dimension.type === "categorical"
    ? dimension.choices[0]!
    : dimension.high;
}

function middle(dimension: Dimension): Params[string] {
  if (dimension.type === "categorical") return dimension.choices[0]!;
  const { type, low, high, log } = dimension;
  const value = log ? Math.sqrt(low * high) : (low + high) / 2;
  return type === "int" ? Math.round(value) : value;
}
