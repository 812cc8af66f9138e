/** Fields of an event; JSON values. */
export type EventFields = Readonly<Record<string, unknown>>;

/** Where the system says what it does: one named event per call. Passed in, never global. */
export interface Events {
  /** For those who look for a fault. */
  debug(event: string, fields?: EventFields): void;
  /** What was done. */
  info(event: string, fields?: EventFields): void;
  /** What deserves a look, and did not stop anything. */
  warn(event: string, fields?: EventFields): void;
  /** What failed. */
  error(event: string, fields?: EventFields): void;
}

/** Events that go nowhere. */
export const SILENT: Events = { debug() {}, info() {}, warn() {}, error() {} };
