import { getLogger, type Logger } from "@logtape/logtape";
import type { EventFields, Events } from "./events.ts";
import { redactFields } from "./redact.ts";

/**
 * Events by way of LogTape, secrets blanked before any sink sees them. Nothing is written until the program configures
 * LogTape: with {@linkcode configureLogging}, or in its own way for the category `recotem`.
 *
 * In LogTape's terms the event's name is the message, its fields are the properties.
 *
 * @example
 * ```ts
 * import { createEvents } from "./create_events.ts";
 *
 * const events = createEvents();
 * events.info("train_done", { recipe: "books" }); // silent here: LogTape is not configured
 * ```
 */
export function createEvents(): Events {
  const logger = getLogger("recotem");
  return {
    debug: (event, fields) => write(logger, "debug", event, fields),
    info: (event, fields) => write(logger, "info", event, fields),
    warn: (event, fields) => write(logger, "warn", event, fields),
    error: (event, fields) => write(logger, "error", event, fields),
  };
}

function write(
  logger: Logger,
  level: "debug" | "info" | "warn" | "error",
  event: string,
  fields: EventFields = {},
): void {
  if (!logger.isEnabledFor(level === "warn" ? "warning" : level)) return;
  let redacted: Record<string, unknown>;
  try {
    redacted = redactFields(fields);
  } catch {
    // A getter among the fields threw; the event must not be lost with it.
    logger[level]("[redaction_failed]", { failed_event: event.slice(0, 64) });
    return;
  }
  logger[level](event, redacted);
}
