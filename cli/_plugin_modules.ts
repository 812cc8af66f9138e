import { SILENT } from "../core/config/events.ts";
import { readVariables } from "../core/config/read_variables.ts";

/** The modules that `RECOTEM_PLUGINS` names. */
export function pluginModules(): readonly string[] {
  return readVariables(Deno.env, ["RECOTEM_PLUGINS"], SILENT).RECOTEM_PLUGINS;
}
