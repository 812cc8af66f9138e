import { RecotemError } from "../errors.ts";
import { configureLogging } from "./configure_logging.ts";
import { createEvents } from "./create_events.ts";
import type { Environment } from "./environment.ts";
import type { EventView } from "./event_view.ts";
import { type Events, SILENT } from "./events.ts";
import { readVariables } from "./read_variables.ts";
import type { Variables } from "./variables.ts";

/** Options of {@linkcode startLogging}. */
export interface StartLoggingOptions {
  /** What to do about a `RECOTEM_LOG_FORMAT` that is no choice: refuse it, or take it for `auto` and warn. */
  readonly unknownFormat: "refuse" | "warn";
  /** Shows events on a terminal, unless the environment asks for a format or a level; default: none. */
  readonly view?: EventView | null;
}

/**
 * Sends the program's events to standard error in the format, and from the level on, that the environment asks for.
 * For programs, not for libraries, as {@linkcode configureLogging}.
 *
 * @throws {RecotemError} `config_error` when `RECOTEM_LOG_LEVEL` is no choice, or `RECOTEM_LOG_FORMAT` if that is refused.
 */
export function startLogging(
  env: Environment,
  { unknownFormat, view = null }: StartLoggingOptions,
): Events {
  const { RECOTEM_LOG_LEVEL: level } = readVariables(
    env,
    ["RECOTEM_LOG_LEVEL"],
    SILENT,
  );
  const format = formatOf(env, unknownFormat);
  configureLogging({ format: format ?? "auto", level, view });
  const events = createEvents();
  if (format === null) {
    events.warn("env_var_unparseable", {
      name: "RECOTEM_LOG_FORMAT",
      raw: env.get("RECOTEM_LOG_FORMAT"),
      fallback: "auto",
    });
  }
  return events;
}

function formatOf(
  env: Environment,
  unknownFormat: StartLoggingOptions["unknownFormat"],
): Variables["RECOTEM_LOG_FORMAT"] | null {
  try {
    return readVariables(env, ["RECOTEM_LOG_FORMAT"], SILENT)
      .RECOTEM_LOG_FORMAT;
  } catch (error) {
    if (unknownFormat === "warn" && error instanceof RecotemError) return null;
    throw error;
  }
}
