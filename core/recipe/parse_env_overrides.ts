import { RecotemError } from "../errors.ts";
import { refuseVariable } from "./refuse_variable.ts";

/**
 * Reads the `K=V` of `--env-var`, split at the first `=`; of equal names the last counts.
 *
 * @throws {RecotemError} `usage_error` when there is no `=`, or the name is one that recipes may not use.
 */
export function parseEnvOverrides(
  pairs: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(pairs.map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 0) {
      throw new RecotemError(
        "usage_error",
        "Flag --env-var needs NAME=VALUE, such as RECOTEM_RECIPE_DATA=data.csv",
      );
    }
    const name = pair.slice(0, equals);
    const refusal = refuseVariable(name);
    if (refusal !== null) {
      throw new RecotemError("usage_error", `Flag --env-var: ${refusal}`);
    }
    return [name, pair.slice(equals + 1)];
  }));
}
