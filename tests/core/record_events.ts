import type { EventFields, Events } from "../../core/config/events.ts";

/** Events that are kept. */
export function recordEvents(): Events & {
  readonly seen: [string, string, EventFields][];
} {
  const seen: [string, string, EventFields][] = [];
  const record =
    (level: string) => (event: string, fields: EventFields = {}) => {
      seen.push([level, event, fields]);
    };
  return {
    seen,
    debug: record("debug"),
    info: record("info"),
    warn: record("warn"),
    error: record("error"),
  };
}
