import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Arguments, Command, Flag } from "../../../core/config/command.ts";
import {
  COMMANDS,
  INSPECT,
  KEYGEN,
  SERVE,
  TRAIN,
} from "../../../core/config/commands.ts";
import { commandHelp, programHelp } from "../../../core/config/help.ts";
import { parseArguments } from "../../../core/config/parse_arguments.ts";
import { RecotemError } from "../../../core/errors.ts";

function parse<const C extends Command>(
  command: C,
  argv: readonly string[],
): Arguments<C> {
  const parsed = parseArguments(command, argv);
  if (parsed === "help") throw new Error("Asked for help");
  return parsed;
}

function refusal(argv: readonly string[], command: Command = TRAIN) {
  return assertThrows(() => parseArguments(command, argv), RecotemError);
}

Deno.test("parseArguments() answers defaults for flags that are absent", () => {
  assertEquals(parseArguments(TRAIN, ["r.yaml"]), {
    positionals: { RECIPE: "r.yaml" },
    flags: {
      "no-lock": false,
      "fail-on-busy": false,
      "lock-timeout": 0,
      "quiet": false,
      "verbose": false,
      "run-id": null,
      "join": null,
      "env-var": [],
      "dev-allow-unsigned": false,
      "i-understand-this-loads-arbitrary-code": false,
    },
  });
});

Deno.test("parseArguments() knows each value's type", () => {
  const serve = parse(SERVE, ["--recipes", "d", "-p", "80"]);
  const keygen = parse(KEYGEN, []);
  // Assignments that would not compile if the types were wider.
  const recipes: string | null = serve.flags.recipes;
  const port: number | null = serve.flags.port;
  const overrides: readonly string[] = serve.flags["env-var"];
  const insecure: boolean = serve.flags["insecure-no-auth"];
  const type: "signing" | "api" = keygen.flags.type;
  assertEquals(
    [recipes, port, overrides, insecure, type],
    ["d", 80, [], false, "signing"],
  );
});

/** Arguments → one flag and its value. */
const READ: readonly [Command, string, string, unknown][] = [
  [TRAIN, "r --lock-timeout -1", "lock-timeout", -1],
  [TRAIN, "r --lock-timeout=-1", "lock-timeout", -1],
  [TRAIN, "--lock-timeout 2.5 r", "lock-timeout", 2.5],
  [TRAIN, "r --lock-timeout 1 --lock-timeout 2", "lock-timeout", 2],
  [TRAIN, "-qv r", "verbose", true],
  [TRAIN, "--no-lock r", "no-lock", true],
  [TRAIN, "--quiet r", "quiet", true],
  [TRAIN, "r --run-id 007", "run-id", "007"],
  [TRAIN, "r --run-id=-a", "run-id", "-a"],
  [TRAIN, "r --env-var A=1 --env-var=B=2=3", "env-var", ["A=1", "B=2=3"]],
  [SERVE, "--recipes d -p8080", "port", 8080],
  [SERVE, "--recipes d -p=8080", "port", 8080],
  [SERVE, "--recipes d --port=65535", "port", 65535],
  [SERVE, "--recipes d -H 0.0.0.0", "host", "0.0.0.0"],
  [KEYGEN, "--type api", "type", "api"],
];

for (const [command, argv, flag, value] of READ) {
  Deno.test(`parseArguments() reads ${command.name} ${argv}`, () => {
    assertEquals(parse(command, argv.split(" ")).flags[flag], value);
  });
}

/** Arguments → code and message of the refusal, without the advice at its end. */
const REFUSED: readonly [Command, string[], string, string][] = [
  [TRAIN, [], "usage_error", "Missing RECIPE"],
  [TRAIN, [""], "usage_error", "Missing RECIPE"],
  [TRAIN, ["a", "b"], "usage_error", 'Unexpected argument "b"'],
  [
    TRAIN,
    ["a", "--lock-timout", "3"],
    "usage_error",
    'Unknown flag --lock-timout; did you mean "--lock-timeout"?',
  ],
  [
    TRAIN,
    ["a", "--no-lok"],
    "usage_error",
    'Unknown flag --no-lok; did you mean "--no-lock"?',
  ],
  [TRAIN, ["a", "--secret=hunter2"], "usage_error", "Unknown flag --secret"],
  [TRAIN, ["a", "-x"], "usage_error", "Unknown flag -x"],
  [TRAIN, ["a", "-qx"], "usage_error", "Unknown flag -x"],
  [TRAIN, ["a", "--__proto__=1"], "usage_error", "Unknown flag --__proto__"],
  [TRAIN, ["a", "--quiet=false"], "usage_error", "Flag --quiet takes no value"],
  [
    TRAIN,
    ["a", "--lock-timeout"],
    "usage_error",
    "Flag --lock-timeout needs a value",
  ],
  [TRAIN, ["a", "--run-id="], "usage_error", "Flag --run-id needs a value"],
  [TRAIN, ["a", "--run-id", ""], "usage_error", "Flag --run-id needs a value"],
  [
    TRAIN,
    ["a", "--env-var", "--quiet"],
    "usage_error",
    "Flag --env-var needs a value",
  ],
  [
    TRAIN,
    ["a", "--lock-timeout", "soon"],
    "usage_error",
    "Flag --lock-timeout must be a number",
  ],
  [
    TRAIN,
    ["a", "--lock-timeout", "0x10"],
    "usage_error",
    "Flag --lock-timeout must be a number",
  ],
  [
    TRAIN,
    ["a", "--lock-timeout", "-2"],
    "config_error",
    "Flag --lock-timeout must be a number of at least 0, or -1",
  ],
  [
    SERVE,
    ["--recipes", "d", "-p", "0"],
    "config_error",
    "Flag --port must be a whole number from 1 to 65535",
  ],
  [
    SERVE,
    ["--recipes", "d", "-p", "65536"],
    "config_error",
    "Flag --port must be a whole number from 1 to 65535",
  ],
  [
    SERVE,
    ["--recipes", "d", "-p", "80.5"],
    "usage_error",
    "Flag --port must be a whole number",
  ],
  [
    KEYGEN,
    ["--type", "sign"],
    "config_error",
    "Flag --type must be one of signing, api",
  ],
  [
    INSPECT,
    ["a", "--i-understand-this-loads-arbitrary-code"],
    "usage_error",
    "Unknown flag --i-understand-this-loads-arbitrary-code",
  ],
];

for (const [command, argv, code, message] of REFUSED) {
  Deno.test(`parseArguments() refuses ${command.name} ${JSON.stringify(argv)}`, () => {
    const error = refusal(argv, command);
    assertEquals(error.code, code);
    assertEquals(
      error.message.replace(` (see "recotem ${command.name} --help")`, ""),
      message,
    );
    assert(!error.message.includes("hunter2"));
  });
}

Deno.test("parseArguments() takes what follows -- as it is", () => {
  const parsed = parse(TRAIN, ["-q", "--", "--help"]);
  assertEquals(parsed.positionals.RECIPE, "--help");
  assertEquals(parsed.flags.quiet, true);
});

Deno.test("parseArguments() leaves true and false to the positionals", () => {
  const parsed = parse(TRAIN, ["--quiet", "false"]);
  assertEquals(parsed.positionals.RECIPE, "false");
  assertEquals(parsed.flags.quiet, true);
});

Deno.test("parseArguments() asks for help wherever it stands and whatever is missing", () => {
  for (const argv of [["--help"], ["-h"], ["a", "b", "--quiet", "-h"]]) {
    assertEquals(parseArguments(TRAIN, argv), "help");
  }
});

for (const command of COMMANDS) {
  Deno.test(`commandHelp() names all of ${command.name} within 80 columns`, () => {
    const help = commandHelp(command);
    for (const line of help.split("\n")) assert(line.length <= 80, line);
    for (const [name, flag] of Object.entries<Flag>(command.flags)) {
      assert(help.includes(`--${name}`), name);
      assert(help.includes(flag.description.split(" ")[0]!), name);
      assert(flag.type === "boolean" || flag.placeholder !== undefined, name);
    }
    for (const name of Object.keys(command.positionals)) {
      assert(help.includes(name), name);
    }
  });
}

Deno.test("commandHelp() lays out usage, arguments and options", () => {
  assertEquals(
    commandHelp(INSPECT),
    `Verifies an artifact and prints its header.

Usage: recotem inspect [options] ARTIFACT

Arguments:
  ARTIFACT                Path or URI of the artifact or its pointer

Options:
      --dev-allow-unsigned
                          Work without signing keys; only where RECOTEM_ENV is
                          development
  -h, --help              Show this help
`,
  );
});

Deno.test("programHelp() lists all commands within 80 columns", () => {
  const help = programHelp(COMMANDS);
  for (const line of help.split("\n")) assert(line.length <= 80, line);
  for (const { name } of COMMANDS) assert(help.includes(`\n  ${name} `), name);
});
