import { assert, assertEquals, assertThrows } from "@std/assert";
import { SILENT } from "../../../core/config/events.ts";
import { readVariables } from "../../../core/config/read_variables.ts";
import { VARIABLES, type Variables } from "../../../core/config/variables.ts";
import { RecotemError } from "../../../core/errors.ts";
import { recordEvents } from "../record_events.ts";

const NAMES = Object.keys(VARIABLES) as (keyof Variables)[];

function read(name: keyof Variables, value: string): unknown {
  return readVariables(new Map([[name, value]]), [name], SILENT)[name];
}

function refusal(name: keyof Variables, value: string): RecotemError {
  const error = assertThrows(() => read(name, value), RecotemError);
  assertEquals([error.code, error.exitCode], ["config_error", 8]);
  return error;
}

Deno.test("readVariables() answers defaults for an empty environment", () => {
  const values = readVariables(new Map(), NAMES, SILENT);
  for (const name of NAMES) {
    assertEquals(values[name], VARIABLES[name].default, name);
  }
  assertEquals(values.RECOTEM_PORT, 8080);
  assertEquals(values.RECOTEM_MAX_PAYLOAD_BYTES, 536870912);
});

Deno.test("readVariables() looks up what is asked for and nothing else", () => {
  const asked: string[] = [];
  const env = {
    get(name: string): undefined {
      asked.push(name);
    },
  };
  readVariables(env, ["RECOTEM_PORT", "RECOTEM_ENV"], SILENT);
  assertEquals(asked, ["RECOTEM_PORT", "RECOTEM_ENV"]);
});

Deno.test("readVariables() takes a blank value for none", () => {
  for (const name of NAMES.filter((name) => name !== "RECOTEM_API_KEYS")) {
    assertEquals(read(name, " "), VARIABLES[name].default, name);
  }
});

Deno.test("readVariables() reads truth as 1, true, yes and on, and all else as false", () => {
  for (const word of ["1", "true", "YES", " On "]) {
    assertEquals(read("RECOTEM_METRICS_ENABLED", word), true, word);
  }
  for (const word of ["0", "false", "2", "enabled", "y"]) {
    assertEquals(read("RECOTEM_METRICS_ENABLED", word), false, word);
  }
});

Deno.test("readVariables() splits lists", () => {
  assertEquals(read("RECOTEM_ALLOWED_HOSTS", "a.org, b.org ,,"), [
    "a.org",
    "b.org",
  ]);
  assertEquals(read("RECOTEM_ALLOWED_HOSTS", ", ,"), [
    "127.0.0.1",
    "localhost",
  ]);
  assertEquals(read("RECOTEM_METADATA_FIELD_DENY", "Price,COST"), [
    "price",
    "cost",
  ]);
});

/** Variable, value → value read and event. */
const BOUNDED: readonly [keyof Variables, string, unknown, string | null][] = [
  ["RECOTEM_DRAIN_SECONDS", "60", 60, null],
  ["RECOTEM_DRAIN_SECONDS", " 60 ", 60, null],
  ["RECOTEM_DRAIN_SECONDS", "0", 1, "env_var_clamped"],
  ["RECOTEM_DRAIN_SECONDS", "-5", 1, "env_var_clamped"],
  ["RECOTEM_DRAIN_SECONDS", "301", 300, "env_var_clamped"],
  ["RECOTEM_DRAIN_SECONDS", "1.5", 30, "env_var_unparseable"],
  ["RECOTEM_DRAIN_SECONDS", "30s", 30, "env_var_unparseable"],
  ["RECOTEM_STARTUP_PARALLELISM", "0", 1, "env_var_clamped"],
  ["RECOTEM_STARTUP_PARALLELISM", "99", 32, "env_var_clamped"],
  ["RECOTEM_MAX_ARTIFACT_BYTES", "1", 1048576, "env_var_clamped"],
  [
    "RECOTEM_MAX_ARTIFACT_BYTES",
    "99999999999999999999",
    17179869184,
    "env_var_clamped",
  ],
  ["RECOTEM_HTTP_TIMEOUT_SECONDS", "601", 600, "env_var_clamped"],
  ["RECOTEM_WATCH_INTERVAL", "2.5", 2.5, null],
  ["RECOTEM_WATCH_INTERVAL", "0.1", 1, "env_var_clamped"],
  ["RECOTEM_WATCH_INTERVAL", "31", 30, "env_var_clamped"],
];

for (const [name, text, value, event] of BOUNDED) {
  Deno.test(`readVariables() reads ${value} from ${name}=${text}`, () => {
    const events = recordEvents();
    assertEquals(
      readVariables(new Map([[name, text]]), [name], events)[name],
      value,
    );
    assertEquals(
      events.seen.map(([level, name]) => [level, name]),
      event === null ? [] : [["warn", event]],
    );
  });
}

Deno.test("readVariables() tells what was clamped and to which bounds", () => {
  const events = recordEvents();
  readVariables(
    new Map([["RECOTEM_DRAIN_SECONDS", "999"], [
      "RECOTEM_STARTUP_PARALLELISM",
      "x",
    ]]),
    ["RECOTEM_DRAIN_SECONDS", "RECOTEM_STARTUP_PARALLELISM"],
    events,
  );
  assertEquals(events.seen, [
    ["warn", "env_var_clamped", {
      name: "RECOTEM_DRAIN_SECONDS",
      requested: 999,
      clamped: 300,
      lo: 1,
      hi: 300,
    }],
    ["warn", "env_var_unparseable", {
      name: "RECOTEM_STARTUP_PARALLELISM",
      raw: "x",
      fallback: null,
    }],
  ]);
});

Deno.test("readVariables() refuses what has no usable reading", () => {
  for (const port of ["0", "65536", "-1", "80.5", "http", "0x50"]) {
    refusal("RECOTEM_PORT", port);
  }
  for (const interval of ["often", "5s", "NaN", "Infinity"]) {
    refusal("RECOTEM_WATCH_INTERVAL", interval);
  }
  assertEquals(
    refusal("RECOTEM_LOG_FORMAT", "jsno").message,
    'RECOTEM_LOG_FORMAT must be one of auto, json, console; did you mean "json"?',
  );
  refusal("RECOTEM_LOG_LEVEL", "verbose");
  assertEquals(read("RECOTEM_LOG_LEVEL", "DEBUG"), "debug");
});

Deno.test("readVariables() refuses a payload cap above the artifact cap", () => {
  const env = new Map([["RECOTEM_MAX_PAYLOAD_BYTES", "3000000000"]]);
  const names = [
    "RECOTEM_MAX_ARTIFACT_BYTES",
    "RECOTEM_MAX_PAYLOAD_BYTES",
  ] as const;
  const error = assertThrows(
    () => readVariables(env, names, SILENT),
    RecotemError,
  );
  assertEquals(error.exitCode, 8);
  env.set("RECOTEM_MAX_ARTIFACT_BYTES", "3000000000");
  assertEquals(
    readVariables(env, names, SILENT).RECOTEM_MAX_PAYLOAD_BYTES,
    3e9,
  );
});

const HEX = "0123456789abcdef".repeat(4);

Deno.test("readVariables() reads API keys, digests in lower case", () => {
  assertEquals(
    read(
      "RECOTEM_API_KEYS",
      `a:sha256:${HEX.toUpperCase()}, b.2_-:sha256:${HEX},`,
    ),
    [{ kid: "a", digest: HEX }, { kid: "b.2_-", digest: HEX }],
  );
});

for (
  const [what, text] of [
    ["nothing", ""],
    ["only commas", " , ,"],
    ["no digest", "a"],
    ["a digest without its name", `a:${HEX}`],
    ["a short digest", `a:sha256:${HEX.slice(1)}`],
    ["a digest with a line end", `a:sha256:${HEX}\nx`],
    ["an empty kid", `:sha256:${HEX}`],
    ["a kid of 33 characters", `${"k".repeat(33)}:sha256:${HEX}`],
    ["a kid with a blank", `a b:sha256:${HEX}`],
    ["a kid twice", `a:sha256:${HEX},a:sha256:${HEX}`],
  ] as const
) {
  Deno.test(`readVariables() refuses API keys with ${what}`, () => {
    const { message } = refusal("RECOTEM_API_KEYS", text);
    assert(!message.includes(HEX.slice(1)), message);
  });
}

Deno.test("VARIABLES has a sentence, a reader and a sound default for each name", () => {
  for (const name of NAMES) {
    const variable = VARIABLES[name];
    assert(/^RECOTEM_[A-Z_]+$/.test(name));
    assert(/^[A-Z].*\.$/.test(variable.description), name);
    assert(variable.readBy.length > 0, name);
    if (variable.type === "integer" && variable.default !== null) {
      assert(Number(variable.default) >= variable.min, name);
      assert(Number(variable.default) <= variable.max, name);
    }
  }
});

Deno.test("VARIABLES names the same readers for the variables of the web, prune among them", () => {
  const { RECOTEM_HTTP_TIMEOUT_SECONDS, RECOTEM_HTTP_ALLOW_PRIVATE } =
    VARIABLES;
  assert(RECOTEM_HTTP_ALLOW_PRIVATE.readBy.includes("prune"));
  assertEquals(
    RECOTEM_HTTP_ALLOW_PRIVATE.readBy,
    RECOTEM_HTTP_TIMEOUT_SECONDS.readBy,
  );
});
