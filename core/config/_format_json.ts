import type { LogRecord } from "@logtape/logtape";

const OWN_KEYS: readonly string[] = ["event", "level", "timestamp"];

/** One event as one line of JSON: `event`, `level` and `timestamp`, then its fields. */
export function formatJson(record: LogRecord): string {
  return JSON.stringify({
    event: record.rawMessage,
    level: record.level,
    timestamp: new Date(record.timestamp).toISOString(),
    ...otherFields(record.properties),
  }) + "\n";
}

/** A field must not pass for the event's own name, level or time. */
function otherFields(
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      OWN_KEYS.includes(key) ? `field_${key}` : key,
      value,
    ]),
  );
}
