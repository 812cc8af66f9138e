/**
 * Values of parameters as numbers, the way Optuna keeps them: a categorical one is the index of its choice.
 *
 * @module
 */
import type { Dimension } from "../../algorithms/algorithm.ts";
import type { Params } from "./draw.ts";

type Value = Params[string];

/** The number for a value, or null when it is of another kind than the dimension or none of its choices. */
export function toInternal(dimension: Dimension, value: Value): number | null {
  if (dimension.type === "categorical") {
    const index = dimension.choices.indexOf(value);
    return index < 0 ? null : index;
  }
  const fits = typeof value === "number" && (!dimension.log || value > 0);
  return fits ? value : null;
}

/** The value for a number that {@linkcode toInternal} gave. */
export function toExternal(dimension: Dimension, internal: number): Value {
  return dimension.type === "categorical"
    ? dimension.choices[internal]!
    : internal;
}
