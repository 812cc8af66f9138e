import type { EventFields, Events } from "../../core/config/events.ts";

/** One event. */
export interface RecordedEvent {
  readonly level: keyof Events;
  readonly event: string;
  readonly fields: EventFields | undefined;
}

/** Events that are kept in a list. */
export function recordEvents(): {
  events: Events;
  recorded: RecordedEvent[];
} {
  const recorded: RecordedEvent[] = [];
  function at(level: keyof Events): Events["info"] {
    return (event, fields) => recorded.push({ level, event, fields });
  }
  const events: Events = {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
  return { events, recorded };
}
