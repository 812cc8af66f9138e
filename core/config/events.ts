/** Fields of an event; JSON values. */
export type EventFields = Readonly<Record<string, unknown>>;

/** Where the system says what it does: one named event per call. Passed in, never global. */
export interface Events {
  debug(event: string, fields?: EventFields): void;
  info(event: string, fields?: EventFields): void;
  warn(event: string, fields?: EventFields): void;
  error(event: string, fields?: EventFields): void;
}

/** Events that go nowhere. */
export const SILENT: Events = { debug() {}, info() {}, warn() {}, error() {} };
