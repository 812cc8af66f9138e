import type { EventFields } from "./events.ts";

/** An event on its way to a person, secrets blanked. */
export interface ShownEvent {
  readonly event: string;
  readonly level: "debug" | "info" | "warn" | "error";
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly fields: EventFields;
}

/** Shows events of all levels in its own way, instead of a line for each. */
export interface EventView {
  /** Takes note of one. */
  show(event: ShownEvent): void;
}
