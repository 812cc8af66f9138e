import { assert, assertEquals, assertThrows } from "@std/assert";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import {
  configureLogging,
  type LoggingOptions,
} from "../../../core/config/configure_logging.ts";
import { createEvents } from "../../../core/config/create_events.ts";
import type { ShownEvent } from "../../../core/config/event_view.ts";
import type { Events } from "../../../core/config/events.ts";
import { startLogging } from "../../../core/config/start_logging.ts";
import { RecotemError } from "../../../core/errors.ts";
import { runScript } from "../run_script.ts";

/** What is written for these events. */
function lines(
  emit: (events: Events) => void,
  options: Partial<LoggingOptions> = {},
): string {
  let text = "";
  configureLogging({
    format: "json",
    level: "info",
    terminal: false,
    ...options,
    write: (line) => {
      text += line;
    },
  });
  try {
    emit(createEvents());
  } finally {
    resetSync();
  }
  return text;
}

Deno.test("configureLogging() writes one JSON object a line", () => {
  const text = lines((events) => {
    events.info("data_fetched", { n_rows: 3, path: "a\nb" });
    events.warn("x");
    events.error("y", { level: "mine" });
  });
  const [first, second, third, rest] = text.split("\n");
  const { timestamp, ...fields } = JSON.parse(first!);
  assertEquals(fields, {
    event: "data_fetched",
    level: "info",
    n_rows: 3,
    path: "a\nb",
  });
  assert(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(timestamp));
  assertEquals(JSON.parse(second!).level, "warning");
  assertEquals(JSON.parse(third!).level, "error");
  assertEquals(JSON.parse(third!).field_level, "mine");
  assertEquals(rest, "");
});

Deno.test("configureLogging() leaves out what is below the level", () => {
  const all = (events: Events) => {
    events.debug("a");
    events.info("b");
    events.warn("c");
    events.error("d");
  };
  const levels = ["debug", "info", "warn", "error"] as const;
  assertEquals(
    levels.map((level) => lines(all, { level }).trim().split("\n").length),
    [4, 3, 2, 1],
  );
});

Deno.test("createEvents() blanks secrets and keeps the event's name", () => {
  // 43 characters, as long as a key would be.
  const name = "recipe_yaml_parse_failed_on_rescan_new_file";
  const event = JSON.parse(lines((events) => {
    events.info(name, {
      token: "t",
      auth_enabled: true,
      list: [{ secret: 1 }],
    });
  }));
  assertEquals(event.event, name);
  assertEquals(event.token, "[REDACTED]");
  assertEquals(event.auth_enabled, true);
  assertEquals(event.list, [{ secret: "[REDACTED]" }]);
});

Deno.test("createEvents() keeps an event whose fields cannot be read", () => {
  const event = JSON.parse(lines((events) => {
    events.error("x".repeat(100), {
      get broken(): string {
        throw new Error("hunter2");
      },
    });
  }));
  assertEquals(event.event, "[redaction_failed]");
  assertEquals(event.failed_event, "x".repeat(64));
});

Deno.test("createEvents() is silent until the program configures LogTape, its own way or ours", () => {
  const events = createEvents();
  events.error("nobody_listens", { token: "t" });
  const records: LogRecord[] = [];
  configureSync({
    sinks: { own: (record) => records.push(record) },
    loggers: [
      { category: "recotem", sinks: ["own"] },
      { category: ["logtape", "meta"], lowestLevel: "fatal" },
    ],
  });
  try {
    events.warn("heard", { token: "t" });
  } finally {
    resetSync();
  }
  assertEquals(
    records.map(({ rawMessage, properties }) => [rawMessage, properties]),
    [["heard", { token: "[REDACTED]" }]],
  );
});

Deno.test("configureLogging() writes text for people: time, level, name, fields", () => {
  const text = lines((events) => {
    events.info("data_fetched", { n_rows: 3, path: "data/a b.csv", ok: true });
    events.warn("list", { of: [1, "two"], none: null, left_out: undefined });
  }, { format: "console" });
  assertEquals(
    text.replaceAll(/^\d\d:\d\d:\d\d/gm, "12:34:56"),
    `12:34:56 info  data_fetched n_rows=3 path="data/a b.csv" ok=true
12:34:56 warn  list of=[1,"two"] none=null
`,
  );
});

Deno.test("configureLogging() breaks long lines on a terminal only", () => {
  const long = (events: Events) =>
    events.info("event", {
      one: "a".repeat(30),
      two: "b".repeat(30),
      three: "c".repeat(30),
    });
  const piped = lines(long, { format: "console" });
  assertEquals(piped.split("\n").length, 2);
  const shown = lines(long, {
    format: "console",
    terminal: true,
    colour: false,
  });
  assert(shown.split("\n").length > 2);
  assert(shown.split("\n").slice(1, -1).every((line) => /^ {15}\S/.test(line)));
});

Deno.test("configureLogging() indents texts of many lines below the event", () => {
  const text = lines(
    (events) => events.error("failed", { stack: "Error: x\n    at y\n", n: 1 }),
    { format: "console" },
  );
  assertEquals(
    text.slice(8),
    ` error failed n=1
               stack:
               Error: x
                   at y
`,
  );
});

Deno.test("configureLogging() lets no control character reach the terminal", () => {
  const text = lines((events) => {
    events.info("\x1b[2J", {
      "k\x07": "\x1b[31m",
      list: ["\u009b31m"],
      text: "a\n\x1b[0m",
    });
  }, { format: "console" });
  // deno-lint-ignore no-control-regex -- these must not be there
  assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(text), JSON.stringify(text));
});

Deno.test("configureLogging() colours on request", () => {
  const coloured = lines((events) => events.warn("x"), {
    format: "console",
    colour: true,
  });
  assert(coloured.includes("\x1b[33mwarn"));
  const plain = lines((events) => events.warn("x"), { format: "console" });
  assert(!plain.includes("\x1b"));
});

Deno.test("configureLogging() chooses JSON when standard error is no terminal, and needs no permission", async () => {
  const script = `
    import { configureLogging } from "./core/config/configure_logging.ts";
    import { createEvents } from "./core/config/create_events.ts";
    configureLogging({ format: "auto", level: "info" });
    createEvents().info("x", { text: "é".repeat(100000) });`;
  const { code, stdout, stderr } = await runScript(script, []);
  assertEquals([code, stdout], [0, ""]);
  assertEquals(JSON.parse(stderr).text.length, 100000);
});

for (
  const [what, options, shown] of [
    ["on a terminal", {}, true],
    ["elsewhere", { terminal: false }, false],
    ["with a format", { format: "console" }, false],
    ["with a level", { level: "debug" }, false],
  ] as const
) {
  Deno.test(
    `configureLogging() gives events of all levels ${
      shown ? "" : "not "
    }to a view ${what}`,
    () => {
      const seen: ShownEvent[] = [];
      const text = lines((events) => {
        events.warn("a", { token: "t" });
        events.debug("b");
      }, {
        format: "auto",
        terminal: true,
        ...options,
        view: { show: (event) => seen.push(event) },
      });
      assertEquals(
        seen.map(({ event, level, fields }) => [event, level, fields]),
        shown
          ? [["a", "warn", { token: "[REDACTED]" }], ["b", "debug", {}]]
          : [],
      );
      assertEquals(text === "", shown);
    },
  );
}

Deno.test("startLogging() refuses a format that there is not, or takes it for auto and says so", async () => {
  const env = new Map([["RECOTEM_LOG_FORMAT", "jsno"]]);
  assertThrows(
    () => startLogging(env, { unknownFormat: "refuse" }),
    RecotemError,
    'did you mean "json"?',
  );
  const { code, stderr } = await runScript(
    `
    import { startLogging } from "./core/config/start_logging.ts";
    startLogging(new Map([["RECOTEM_LOG_FORMAT", "jsno"]]), { unknownFormat: "warn" });`,
    [],
  );
  const { timestamp: _, ...told } = JSON.parse(stderr);
  assertEquals([code, told], [0, {
    event: "env_var_unparseable",
    level: "warning",
    name: "RECOTEM_LOG_FORMAT",
    raw: "jsno",
    fallback: "auto",
  }]);
});

Deno.test("startLogging() refuses a level that there is not", () => {
  const env = new Map([["RECOTEM_LOG_LEVEL", "loud"]]);
  assertThrows(
    () => startLogging(env, { unknownFormat: "warn" }),
    RecotemError,
    "RECOTEM_LOG_LEVEL must be one of",
  );
});
