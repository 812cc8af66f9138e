import type { Environment } from "../config/environment.ts";
import type { Events } from "../config/events.ts";
import { keyText, type Problem } from "./problem.ts";
import { refuseVariable } from "./refuse_variable.ts";

/** Keys below which nothing is expanded: queries have a placeholder syntax of their own, and a DSN is only named. */
const VERBATIM_KEYS: readonly string[] = [
  "query",
  "query_parameters",
  "dsn_env",
];

/** Where the values of `${NAME}` come from. */
export interface ExpansionOptions {
  readonly env: Environment;
  /** Asked before the environment. */
  readonly envOverrides: Environment;
  readonly events: Events;
  /** Further keys of `source` below which nothing is expanded, in lower case. */
  readonly verbatim?: readonly string[];
}

/**
 * Replaces `${NAME}` in every text value, once: what is put in is not looked at again. Keys stay, and so does all that
 * is below `query` and `query_parameters`.
 *
 * @returns A copy; variables that are missing or refused stay as they were and are added to `problems`.
 */
export function expandEnvironment(
  document: Readonly<Record<string, unknown>>,
  options: ExpansionOptions,
  problems: Problem[],
): Record<string, unknown> {
  return expandNode(document, [], options, problems) as Record<string, unknown>;
}

function expandNode(
  node: unknown,
  path: readonly (string | number)[],
  options: ExpansionOptions,
  problems: Problem[],
): unknown {
  if (typeof node === "string") {
    // Braces end the name, so that a text of many "${" takes linear time.
    return node.replace(/\$\{([^{}]+)\}/g, (reference, name: string) => {
      const value = lookUp(name, options);
      if (typeof value === "string") return value;
      problems.push({ path, at: "value", code: "recipe_error", ...value });
      return reference;
    });
  }
  if (Array.isArray(node)) {
    return node.map((each, i) =>
      expandNode(each, [...path, i], options, problems)
    );
  }
  if (typeof node === "object" && node !== null) {
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [
        key,
        isVerbatim(key.toLowerCase(), path, options)
          ? value
          : expandNode(value, [...path, key], options, problems),
      ]),
    );
  }
  return node;
}

function isVerbatim(
  key: string,
  path: readonly (string | number)[],
  { verbatim = [] }: ExpansionOptions,
): boolean {
  return VERBATIM_KEYS.includes(key) ||
    (path[0] === "source" && verbatim.includes(key));
}

function lookUp(
  name: string,
  { env, envOverrides, events }: ExpansionOptions,
): string | { message: string } {
  const refusal = refuseVariable(name);
  if (refusal !== null) return { message: refusal };
  let value: string | undefined;
  try {
    value = envOverrides.get(name) ?? env.get(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return {
      message: `Variable ${
        keyText(name)
      } may not be read by this process: permissions cover RECOTEM_RECIPE_* in upper case`,
    };
  }
  if (value === undefined) {
    return { message: `Variable ${keyText(name)} is not set` };
  }
  if (value === "") events.warn("recipe_env_var_empty", { name });
  return value;
}
