import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { SERVE } from "../../core/config/commands.ts";
import { SILENT } from "../../core/config/events.ts";
import { parseArguments } from "../../core/config/parse_arguments.ts";
import { RecotemError } from "../../core/errors.ts";
import { recordEvents } from "../artifact/record_events.ts";
import { readSettings } from "../../serve/settings.ts";
import { settingsOf } from "./settings_of.ts";

const DIGEST = "0a".repeat(32);
const API_KEYS = { RECOTEM_API_KEYS: `one:sha256:${DIGEST}` };
const DEVELOPMENT = { RECOTEM_ENV: "development" };
const UNSIGNED = [
  "--dev-allow-unsigned",
  "--i-understand-this-loads-arbitrary-code",
];

Deno.test("readSettings() has the documented defaults", () => {
  const settings = settingsOf();
  assertEquals(settings, {
    recipes: "recipes",
    envVars: [],
    host: "127.0.0.1",
    port: 8080,
    apiKeys: [],
    insecureNoAuth: false,
    adapters: {
      kserve: false,
      sagemaker: false,
      vertex: null,
      platform: false,
    },
    allowRollback: false,
    reusePort: false,
    workers: 1,
    unsigned: false,
    development: false,
    playground: false,
    unsafeFlags: null,
    variables: {
      RECOTEM_SIGNING_KEYS: null,
      RECOTEM_API_KEYS: [],
      RECOTEM_HOST: "127.0.0.1",
      RECOTEM_PORT: 8080,
      RECOTEM_ALLOWED_HOSTS: ["127.0.0.1", "localhost"],
      RECOTEM_ALLOWED_ORIGINS: [],
      RECOTEM_MAX_ARTIFACT_BYTES: 2 ** 31,
      RECOTEM_MAX_PAYLOAD_BYTES: 2 ** 29,
      RECOTEM_WATCH_INTERVAL: 5,
      RECOTEM_STARTUP_PARALLELISM: null,
      RECOTEM_ENV: "",
      RECOTEM_DRAIN_SECONDS: 30,
      RECOTEM_ARTIFACT_ROOT: null,
      RECOTEM_METADATA_FIELD_DENY: [],
      RECOTEM_METRICS_ENABLED: false,
      RECOTEM_PLAYGROUND: false,
      RECOTEM_RECIPES: null,
      RECOTEM_ALLOW_ROLLBACK: false,
      RECOTEM_MAX_MODEL_AGE: null,
      RECOTEM_ADAPTERS: [],
      RECOTEM_ACCESS_LOG: false,
      RECOTEM_WORKER: null,
    },
  });
});

Deno.test("readSettings() puts flags before variables", () => {
  const variables = {
    ...API_KEYS,
    RECOTEM_HOST: "10.0.0.1",
    RECOTEM_PORT: "9000",
  };
  const byVariable = settingsOf([], variables);
  assertEquals([byVariable.host, byVariable.port], ["10.0.0.1", 9000]);
  const byFlag = settingsOf(
    ["-H", "10.0.0.2", "-p", "9001", "--env-var", "A=1", "--env-var", "B=2"],
    variables,
  );
  assertEquals([byFlag.host, byFlag.port], ["10.0.0.2", 9001]);
  assertEquals(byFlag.envVars, ["A=1", "B=2"]);
  assertEquals(byFlag.apiKeys, [{ kid: "one", digest: DIGEST }]);
});

Deno.test("readSettings() listens on loopback only while no keys are configured, and says so", () => {
  for (const host of ["0.0.0.0", "localhost", "::1"]) {
    for (
      const [flags, variables] of [
        [[], { RECOTEM_HOST: host }],
        [["--host", host], {}],
      ] as const
    ) {
      const { events, recorded } = recordEvents();
      assertEquals(settingsOf(flags, variables, events).host, "127.0.0.1");
      assertEquals(
        recorded.map(({ level, event, fields }) => [
          level,
          event,
          fields?.requested_host,
        ]),
        [["warn", "host_forced_to_loopback", host]],
      );
    }
  }
});

Deno.test("readSettings() leaves the host alone with keys, and with --insecure-no-auth", () => {
  const host = { RECOTEM_HOST: "0.0.0.0" };
  for (
    const [flags, variables] of [
      [[], API_KEYS],
      [["--insecure-no-auth"], { RECOTEM_ENV: "test" }],
    ] as const
  ) {
    const { events, recorded } = recordEvents();
    const settings = settingsOf(flags, { ...host, ...variables }, events);
    assertEquals([settings.host, recorded], ["0.0.0.0", []]);
  }
});

Deno.test("readSettings() drops the API keys with --insecure-no-auth", () => {
  const settings = settingsOf(["--insecure-no-auth"], {
    ...API_KEYS,
    RECOTEM_ENV: "dev",
  });
  assertEquals([settings.apiKeys, settings.insecureNoAuth], [[], true]);
});

Deno.test("readSettings() allows unsafe flags in their environments only", () => {
  const refusal = (flags: readonly string[], variables = {}) => {
    const { unsafeFlags } = settingsOf(flags, variables);
    if (unsafeFlags) assertEquals(unsafeFlags.exitCode, 8);
    return unsafeFlags?.message ?? null;
  };
  for (const name of ["development", "dev", "test", "TEST", "Development"]) {
    const variables = { RECOTEM_ENV: name };
    assertEquals(refusal(["--insecure-no-auth"], variables), null);
  }
  for (const name of ["", "production", "prod", "staging", "testing"]) {
    const variables = { RECOTEM_ENV: name };
    assertMatch(
      refusal(["--insecure-no-auth"], variables)!,
      /--insecure-no-auth works only where RECOTEM_ENV is/,
    );
  }
  for (const name of ["", "dev", "test", "production"]) {
    assertMatch(
      refusal(UNSIGNED, { RECOTEM_ENV: name })!,
      /--dev-allow-unsigned works only where RECOTEM_ENV is development/,
    );
  }
  assertMatch(
    refusal(UNSIGNED.slice(0, 1), DEVELOPMENT)!,
    /needs --i-understand-this-loads-arbitrary-code/,
  );
  assertEquals(refusal(UNSIGNED, DEVELOPMENT), null);
  assertEquals(settingsOf(UNSIGNED, DEVELOPMENT).unsigned, true);
  assertEquals(refusal(UNSIGNED.slice(1)), null);
});

Deno.test("readSettings() refuses variables without a usable value with exit code 8, and repeats none", () => {
  const cases: [variables: Record<string, string>, message: RegExp][] = [
    [{ RECOTEM_API_KEYS: "" }, /names no key/],
    [{ RECOTEM_API_KEYS: " , ," }, /names no key/],
    [{ RECOTEM_API_KEYS: "Zq7secret" }, /entry 1 is malformed/],
    [{ RECOTEM_API_KEYS: `a:sha256:${DIGEST},a:sha256:${DIGEST}` }, /twice/],
    [{ RECOTEM_API_KEYS: `a:${DIGEST}` }, /entry 1 is malformed/],
    [{ RECOTEM_PORT: "0" }, /RECOTEM_PORT must be/],
    [{ RECOTEM_PORT: "65536" }, /RECOTEM_PORT must be/],
    [{ RECOTEM_PORT: "Zq7secret" }, /RECOTEM_PORT must be/],
    [{ RECOTEM_WATCH_INTERVAL: "Zq7secret" }, /RECOTEM_WATCH_INTERVAL must be/],
    [{
      RECOTEM_MAX_ARTIFACT_BYTES: "2000000",
      RECOTEM_MAX_PAYLOAD_BYTES: "2000001",
    }, /RECOTEM_MAX_PAYLOAD_BYTES is 2000001, more than/],
  ];
  for (const [variables, message] of cases) {
    const error = assertThrows(() => settingsOf([], variables), RecotemError);
    assertMatch(error.message, message);
    assertEquals(error.exitCode, 8);
    assertEquals(/Zq7|\n/.test(error.message), false);
  }
});

Deno.test("readSettings() bounds intervals and counts, and says so", () => {
  const { events, recorded } = recordEvents();
  const { variables } = settingsOf([], {
    RECOTEM_WATCH_INTERVAL: "0.1",
    RECOTEM_STARTUP_PARALLELISM: "0",
    RECOTEM_DRAIN_SECONDS: "9999",
    RECOTEM_MAX_ARTIFACT_BYTES: "many",
  }, events);
  assertEquals(
    [
      variables.RECOTEM_WATCH_INTERVAL,
      variables.RECOTEM_STARTUP_PARALLELISM,
      variables.RECOTEM_DRAIN_SECONDS,
      variables.RECOTEM_MAX_ARTIFACT_BYTES,
    ],
    [1, 1, 300, 2 ** 31],
  );
  assertEquals(recorded.map(({ event, fields }) => [event, fields?.name]), [
    ["env_var_unparseable", "RECOTEM_MAX_ARTIFACT_BYTES"],
    ["env_var_clamped", "RECOTEM_WATCH_INTERVAL"],
    ["env_var_clamped", "RECOTEM_STARTUP_PARALLELISM"],
    ["env_var_clamped", "RECOTEM_DRAIN_SECONDS"],
  ]);
});

Deno.test("readSettings() takes development, dev and test for development, in any case, and nothing else", () => {
  for (
    const [name, development] of [
      ["development", true],
      ["Dev", true],
      ["test", true],
      ["staging", false],
      ["production", false],
      ["", false],
    ] as const
  ) {
    const settings = settingsOf([], { RECOTEM_ENV: name });
    assertEquals(settings.development, development, name);
  }
});

Deno.test("readSettings() has the playground in development, and elsewhere where a variable and keys say so", () => {
  const asked = { RECOTEM_PLAYGROUND: "1" };
  for (
    const [variables, playground, refused] of [
      [{}, false, false],
      [API_KEYS, false, false],
      [{ RECOTEM_ENV: "Dev" }, true, false],
      [{ RECOTEM_ENV: "test", ...asked }, true, false],
      [{ RECOTEM_ENV: "production", ...asked, ...API_KEYS }, true, false],
      [{ RECOTEM_ENV: "production", ...asked }, true, true],
      [asked, true, true],
    ] as const
  ) {
    const settings = settingsOf([], variables);
    assertEquals(settings.playground, playground);
    assertEquals(
      settings.unsafeFlags?.code,
      refused ? "config_error" : undefined,
    );
    if (refused) {
      assertMatch(
        settings.unsafeFlags!.message,
        /^RECOTEM_PLAYGROUND needs RECOTEM_API_KEYS/,
      );
    }
  }
});

Deno.test("readSettings() takes the folder of recipes from --recipes, then RECOTEM_RECIPES; one must be there", () => {
  function read(argv: readonly string[], variables: [string, string][]) {
    const args = parseArguments(SERVE, argv);
    if (args === "help") throw new Error("Help was asked for");
    return readSettings(args.flags, new Map(variables), SILENT);
  }
  assertEquals(read([], [["RECOTEM_RECIPES", "b"]]).recipes, "b");
  const both = read(["--recipes", "a"], [["RECOTEM_RECIPES", "b"]]);
  assertEquals(both.recipes, "a");
  const error = assertThrows(() => read([], []), RecotemError);
  assertEquals(error.code, "usage_error");
});

Deno.test("readSettings() lets a model be rolled back by flag or by variable", () => {
  assertEquals(settingsOf(["--allow-rollback"]).allowRollback, true);
  const variables = { RECOTEM_ALLOW_ROLLBACK: "1" };
  assertEquals(settingsOf([], variables).allowRollback, true);
});

const VERTEX = {
  AIP_HTTP_PORT: "9090",
  AIP_HEALTH_ROUTE: "/v1/endpoints/1/deployedModels/2",
  AIP_PREDICT_ROUTE: "/predict",
};

Deno.test("readSettings() keeps the address and answers any host where a platform stands before the server", () => {
  const host = { RECOTEM_HOST: "0.0.0.0" };
  for (const variables of [VERTEX, { RECOTEM_ADAPTERS: "sagemaker" }]) {
    const settings = settingsOf([], { ...host, ...variables });
    assertEquals(settings.host, "0.0.0.0");
    assertEquals(settings.variables.RECOTEM_ALLOWED_HOSTS, ["*"]);
  }
  const named = settingsOf([], { ...VERTEX, RECOTEM_ALLOWED_HOSTS: "a" });
  assertEquals(named.variables.RECOTEM_ALLOWED_HOSTS, ["a"]);
  const kserve = settingsOf([], { ...host, RECOTEM_ADAPTERS: "kserve" });
  assertEquals(kserve.host, "127.0.0.1");
});

Deno.test("readSettings() takes the port of Vertex AI, unless a flag names another", () => {
  assertEquals(settingsOf([], { ...VERTEX, RECOTEM_PORT: "1" }).port, 9090);
  assertEquals(settingsOf(["-p", "1"], VERTEX).port, 1);
});

Deno.test("readSettings() refuses adapters that there are not, and malformed variables of Vertex AI", () => {
  for (
    const [variables, says] of [
      [{ RECOTEM_ADAPTERS: "kserve,sagemakr" }, /did you mean "sagemaker"/],
      [{ RECOTEM_ADAPTERS: "vertex" }, /AIP_HEALTH_ROUTE must be a path/],
      [{ ...VERTEX, AIP_HTTP_PORT: "65536" }, /AIP_HTTP_PORT must be/],
      [{ ...VERTEX, AIP_PREDICT_ROUTE: "/:a" }, /AIP_PREDICT_ROUTE must be/],
      [{ ...VERTEX, AIP_HEALTH_ROUTE: "*" }, /AIP_HEALTH_ROUTE must be/],
    ] as const
  ) {
    const error = assertThrows(() => settingsOf([], variables), RecotemError);
    assertEquals(error.code, "config_error");
    assertMatch(error.message, says);
  }
});
