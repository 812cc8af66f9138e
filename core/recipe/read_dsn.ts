import type { Environment } from "../config/environment.ts";
import { RecotemError } from "../errors.ts";
import { type Dsn, parseDsn } from "./parse_dsn.ts";

/**
 * The DSN that a variable holds.
 *
 * @param env Where it is looked up.
 * @param variable Its name, `source.dsn_env` of a recipe.
 * @throws {RecotemError} `datasource_error` when it is not set; else as {@linkcode parseDsn}.
 */
export function readDsn(env: Environment, variable: string): Dsn {
  const text = env.get(variable);
  if (text === undefined || text.trim() === "") {
    throw new RecotemError(
      "datasource_error",
      `Variable ${variable}, which source.dsn_env names, is not set: it must hold the DSN of the database`,
    );
  }
  return parseDsn(text, variable);
}
