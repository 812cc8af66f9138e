import { configureSync, type LogRecord } from "@logtape/logtape";
import { formatConsole } from "./_format_console.ts";
import { formatJson } from "./_format_json.ts";
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
}

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
  const layout = {
    colour: options.colour ?? (terminal && !Deno.noColor),
    columns: terminal ? terminalColumns() : Infinity,
  };
  configureSync({
    reset: true,
    sinks: {
      lines: text
        ? (record: LogRecord) => write(formatConsole(record, layout))
        : (record: LogRecord) => write(formatJson(record)),
    },
    loggers: [
      {
        category: "recotem",
        sinks: ["lines"],
        lowestLevel: options.level === "warn" ? "warning" : options.level,
      },
      { category: ["logtape", "meta"], lowestLevel: "fatal" },
    ],
  });
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
