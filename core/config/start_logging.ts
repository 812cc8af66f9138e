import { configureLogging } from "./configure_logging.ts";
import { createEvents } from "./create_events.ts";
import type { Environment } from "./environment.ts";
import { type Events, SILENT } from "./events.ts";
import { readVariables } from "./read_variables.ts";

/**
 * Sends the program's events to standard error in the format, and from the level on, that the environment asks for.
 * For programs, not for libraries, as {@linkcode configureLogging}.
 *
 * @throws {RecotemError} `config_error` when `RECOTEM_LOG_FORMAT` or `RECOTEM_LOG_LEVEL` is no choice.
 */
export function startLogging(env: Environment): Events {
  const variables = readVariables(
    env,
    ["RECOTEM_LOG_FORMAT", "RECOTEM_LOG_LEVEL"],
    SILENT,
  );
  configureLogging({
    format: variables.RECOTEM_LOG_FORMAT,
    level: variables.RECOTEM_LOG_LEVEL,
  });
  return createEvents();
}
