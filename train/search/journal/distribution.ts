/**
 * Optuna's distributions: what a parameter was drawn from, kept as JSON text beside its value.
 *
 * @module
 */
import type { Dimension } from "../../../algorithms/algorithm.ts";
import { parsePythonJson } from "./python_json.ts";

/** What a journal says of a parameter's dimension. */
export interface Distribution {
  /** Optuna's class. */
  readonly name: string;
  readonly attributes: {
    readonly low?: number;
    readonly high?: number;
    readonly step?: number | null;
    readonly log?: boolean;
    readonly choices?: readonly unknown[];
  };
}

/** The distribution of a dimension. */
export function distributionOf(dimension: Dimension): Distribution {
  if (dimension.type === "categorical") {
    const { choices } = dimension;
    return { name: "CategoricalDistribution", attributes: { choices } };
  }
  const { type, low, high, log = false } = dimension;
  return type === "float"
    ? {
      name: "FloatDistribution",
      attributes: { step: null, low, high, log },
    }
    : { name: "IntDistribution", attributes: { log, step: 1, low, high } };
}

/** @throws {SyntaxError} If the text is not a distribution. */
export function parseDistribution(text: string): Distribution {
  const value = parsePythonJson(text) as Partial<Distribution> | null;
  const { name, attributes } = value ?? {};
  if (typeof name !== "string" || typeof attributes !== "object") {
    throw new SyntaxError(`${text} is not a distribution`);
  }
  return { name, attributes };
}

/** The value of a parameter; Optuna keeps categorical ones as indices. */
export function valueOf(
  { attributes: { choices } }: Distribution,
  internal: number,
): unknown {
  return choices ? choices[internal] : internal;
}

/** Whether Optuna takes both for one parameter of a study: of one class, one scale and, if categorical, equal choices. */
export function isCompatible(a: Distribution, b: Distribution): boolean {
  return a.name === b.name &&
    a.attributes.log === b.attributes.log &&
    JSON.stringify(a.attributes.choices) ===
      JSON.stringify(b.attributes.choices);
}
