import { SERVE } from "../../core/config/commands.ts";
import { type Events, SILENT } from "../../core/config/events.ts";
import { parseArguments } from "../../core/config/parse_arguments.ts";
import { readSettings, type Settings } from "../../serve/settings.ts";

/** The settings of `recotem serve --recipes recipes` with these flags and variables. */
export function settingsOf(
  flags: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
  events: Events = SILENT,
): Settings {
  const args = parseArguments(SERVE, ["--recipes", "recipes", ...flags]);
  if (args === "help") throw new Error("Help was asked for");
  return readSettings(args.flags, new Map(Object.entries(variables)), events);
}
