import { configureLogging } from "../core/config/configure_logging.ts";
import { createEvents } from "../core/config/create_events.ts";
import type { Events } from "../core/config/events.ts";
import { SILENT } from "../core/config/events.ts";
import { readVariables } from "../core/config/read_variables.ts";

/** Events on standard error, in the format that the environment asks for. */
export function programEvents(): Events {
  const variables = readVariables(
    Deno.env,
    ["RECOTEM_LOG_FORMAT", "RECOTEM_LOG_LEVEL"],
    SILENT,
  );
  configureLogging({
    format: variables.RECOTEM_LOG_FORMAT,
    level: variables.RECOTEM_LOG_LEVEL,
  });
  return createEvents();
}
