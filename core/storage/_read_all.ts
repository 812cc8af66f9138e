import type { Environment } from "../config/environment.ts";

/**
 * The variables of a list that are set and not empty, all read at once: which ones a process asks for must not depend on
 * what it finds, since its permissions are settled before.
 */
export function readAll(
  env: Environment,
  names: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(
    names.map((name): [string, string] => [name, env.get(name) ?? ""])
      .filter(([, value]) => value !== ""),
  );
}
