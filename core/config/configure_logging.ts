import { configureSync, type LogLevel, type LogRecord } from "@logtape/logtape";
import { formatJson } from "./_format_json.ts";
import type { EventView, ShownEvent } from "./event_view.ts";
import { formatConsole } from "./format_console.ts";
import type { Variables } from "./variables.ts";

/** Options of {@linkcode configureLogging}. */
export interface LoggingOptions {
  readonly format: Variables["RECOTEM_LOG_FORMAT"];
  /** Lowest level that is written. */
  readonly level: Variables["RECOTEM_LOG_LEVEL"];
  /** Takes each line, newline included; default: standard error. */
  readonly write?: (line: string) => void;
  /** Whether lines go to a terminal; default: whether standard error is one. */
  readonly terminal?: boolean;
  /** Whether to colour; default: on a terminal, unless NO_COLOR is set. */
  readonly colour?: boolean;
  /** Takes all events, on a terminal where format and level ask for nothing else; default: none. */
  readonly view?: EventView | null;
}

/** LogTape's levels in our terms. */
const LEVELS: Readonly<Record<LogLevel, ShownEvent["level"]>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  fatal: "error",
};

/**
 * Sends the program's events to standard error: one JSON object a line, or text for people. For programs, not for
 * libraries: it replaces the LogTape configuration of the whole process.
 *
 * Needs no permission.
 */
export function configureLogging(options: LoggingOptions): void {
  const write = options.write ?? writeStderr;
  const terminal = options.terminal ?? Deno.stderr.isTerminal();
  const text = options.format === "console" ||
    (options.format === "auto" && terminal);
  const view = terminal && options.format === "auto" && options.level === "info"
    ? options.view
    : null;
  const level = options.level === "warn" ? "warning" : options.level;
  const layout = {
    colour: options.colour ?? (terminal && !Deno.noColor),
    columns: terminal ? terminalColumns() : Infinity,
  };
  configureSync({
    reset: true,
    sinks: {
      lines(record: LogRecord): void {
        if (view) view.show(shown(record));
        else if (text) write(formatConsole(shown(record), layout));
        else write(formatJson(record));
      },
    },
    loggers: [
      {
        category: "recotem",
        sinks: ["lines"],
        lowestLevel: view ? "debug" : level,
      },
      { category: ["logtape", "meta"], lowestLevel: "fatal" },
    ],
  });
}

function shown(
  { rawMessage, level, timestamp, properties }: LogRecord,
): ShownEvent {
  return {
    event: String(rawMessage),
    level: LEVELS[level],
    timestamp,
    fields: properties,
  };
}

function terminalColumns(): number {
  try {
    return Math.max(40, Deno.consoleSize().columns);
  } catch {
    return 80;
  }
}

function writeStderr(line: string): void {
  const bytes = new TextEncoder().encode(line);
  let written = 0;
  while (written < bytes.length) {
    written += Deno.stderr.writeSync(bytes.subarray(written));
  }
}
