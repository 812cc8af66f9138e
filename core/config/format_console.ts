import { escapeControls } from "./escape_controls.ts";
import type { ShownEvent } from "./event_view.ts";

/** How console text is laid out. */
export interface ConsoleLayout {
  readonly colour: boolean;
  /** Lines are broken between fields when longer; `Infinity` keeps an event on one line. */
  readonly columns: number;
}

const LEVEL_COLOURS: Readonly<Record<ShownEvent["level"], number>> = {
  debug: 90,
  info: 32,
  warn: 33,
  error: 31,
};
const BOLD = 1;
const GREY = 90;

/** Where the event's name starts, after time and level, and where continued lines start. */
const INDENT = 15;

/** One event as text for people: time, level, name, `key=value`; texts of many lines follow below, indented. */
export function formatConsole(
  { event, level, timestamp, fields }: ShownEvent,
  { colour, columns }: ConsoleLayout,
): string {
  const paint = (code: number, text: string) =>
    colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  const time = new Date(timestamp).toTimeString().slice(0, 8);
  const name = escapeControls(event);
  let text = `${paint(GREY, time)} ${
    paint(LEVEL_COLOURS[level], level.padEnd(5))
  } ${paint(BOLD, name)}`;
  let column = INDENT + name.length;
  let below = "";
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (typeof value === "string" && value.includes("\n")) {
      below += indent(`${key}:\n${value.trimEnd()}`);
      continue;
    }
    const shown = show(value);
    const width = key.length + 1 + shown.length;
    if (column + 1 + width > columns && column > INDENT) {
      text += "\n" + " ".repeat(INDENT);
      column = INDENT;
    } else {
      text += " ";
      column++;
    }
    text += `${paint(GREY, escapeControls(key) + "=")}${shown}`;
    column += width;
  }
  return text + "\n" + below;
}

function show(value: unknown): string {
  if (typeof value === "string" && /^[^\s"=\\\p{C}]+$/u.test(value)) {
    return value;
  }
  return escapeControls(JSON.stringify(value));
}

function indent(lines: string): string {
  return lines.split("\n").map((line) =>
    " ".repeat(INDENT) + escapeControls(line) + "\n"
  ).join("");
}
