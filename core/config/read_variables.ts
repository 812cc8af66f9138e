import { RecotemError } from "../errors.ts";
import { parseApiKeys } from "./api_key.ts";
import { didYouMean } from "./did_you_mean.ts";
import type { Environment } from "./environment.ts";
import type { Events } from "./events.ts";
import { VARIABLES, type Variables, type VariableType } from "./variables.ts";

const TRUE_WORDS = ["1", "true", "yes", "on"];
const INTEGER = /^[+-]?\d+$/;

/**
 * Reads the variables that a command needs, and no others.
 *
 * A blank value counts as unset, except for `RECOTEM_API_KEYS`, where a value that names no key is refused.
 *
 * @param env Where to look them up.
 * @param names Which ones.
 * @param events Told of each value that was pulled to a bound (`env_var_clamped`) or was no number
 * (`env_var_unparseable`).
 * @throws {RecotemError} `config_error` when a value has no usable reading; values are never repeated, except numbers
 * and choices.
 *
 * @example
 * ```ts
 * import { readVariables } from "./read_variables.ts";
 * import { SILENT } from "./events.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const env = new Map([["RECOTEM_PORT", "9000"]]);
 * const { RECOTEM_PORT } = readVariables(env, ["RECOTEM_PORT"], SILENT);
 * assertEquals(RECOTEM_PORT, 9000);
 * ```
 */
export function readVariables<Name extends keyof Variables>(
  env: Environment,
  names: readonly Name[],
  events: Events,
): Pick<Variables, Name> {
  const values: Partial<Record<keyof Variables, unknown>> = {};
  for (const name of names) {
    const variable = VARIABLES[name];
    const text = env.get(name);
    values[name] = text === undefined ||
        (text.trim() === "" && variable.type !== "api keys")
      ? variable.default
      : readValue(name, text, variable, variable.default, events);
  }
  refuseSwappedCaps(values);
  return values as Pick<Variables, Name>;
}

function readValue(
  name: string,
  text: string,
  variable: VariableType,
  fallback: unknown,
  events: Events,
): unknown {
  switch (variable.type) {
    case "text":
      return text;
    case "flag":
      return TRUE_WORDS.includes(text.trim().toLowerCase());
    case "list": {
      const entries = text.split(",").map((entry) => entry.trim())
        .filter((entry) => entry !== "");
      if (entries.length === 0) return fallback;
      const words = variable.lowerCase
        ? entries.map((entry) => entry.toLowerCase())
        : entries;
      for (const word of words) requireChoice(name, word, variable.choices);
      return words;
    }
    case "choice":
      return requireChoice(name, text.trim().toLowerCase(), variable.choices);
    case "integer": {
      const value = INTEGER.test(text.trim()) ? Number(text) : NaN;
      if (Number.isFinite(value)) return clamp(name, value, variable, events);
      events.warn("env_var_unparseable", { name, raw: text, fallback });
      return fallback;
    }
    case "port": {
      const value = INTEGER.test(text.trim()) ? Number(text) : NaN;
      if (value >= 1 && value <= 65535) return value;
      throw new RecotemError(
        "config_error",
        `${name} must be a whole number from 1 to 65535`,
      );
    }
    case "number": {
      const value = Number(text);
      if (Number.isFinite(value)) return clamp(name, value, variable, events);
      throw new RecotemError(
        "config_error",
        `${name} must be a number from ${variable.min} to ${variable.max}`,
      );
    }
    case "api keys":
      return parseApiKeys(text);
  }
}

function requireChoice(
  name: string,
  word: string,
  choices: readonly string[] = [word],
): string {
  if (choices.includes(word)) return word;
  throw new RecotemError(
    "config_error",
    `${name} must be one of ${choices.join(", ")}${didYouMean(word, choices)}`,
  );
}

function clamp(
  name: string,
  requested: number,
  { min: lo, max: hi }: { readonly min: number; readonly max: number },
  events: Events,
): number {
  const clamped = Math.min(Math.max(requested, lo), hi);
  if (clamped !== requested) {
    events.warn("env_var_clamped", { name, requested, clamped, lo, hi });
  }
  return clamped;
}

function refuseSwappedCaps(
  values: Partial<Record<keyof Variables, unknown>>,
): void {
  const artifact = values.RECOTEM_MAX_ARTIFACT_BYTES;
  const payload = values.RECOTEM_MAX_PAYLOAD_BYTES;
  if (
    typeof artifact === "number" && typeof payload === "number" &&
    payload > artifact
  ) {
    throw new RecotemError(
      "config_error",
      `RECOTEM_MAX_PAYLOAD_BYTES is ${payload}, more than RECOTEM_MAX_ARTIFACT_BYTES, ${artifact}: a payload lies within its artifact`,
    );
  }
}
