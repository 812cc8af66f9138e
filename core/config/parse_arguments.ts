import { RecotemError } from "../errors.ts";
import { parseArgs } from "../std/cli.ts";
import type { Arguments, Command, Flag } from "./command.ts";
import { didYouMean } from "./did_you_mean.ts";

/**
 * Reads the arguments of a command against its table.
 *
 * @param command The table.
 * @param argv Everything after the command's name.
 * @returns Typed values, or `"help"` when `--help` or `-h` is among the arguments.
 * @throws {RecotemError} `usage_error` (exit 2) for an unknown flag, a missing or superfluous argument or value, and
 * a value that is no number; a number or word that is not allowed has the code that its flag names.
 *
 * @example
 * ```ts
 * import { parseArguments } from "./parse_arguments.ts";
 * import { TRAIN } from "./commands.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const args = parseArguments(TRAIN, ["books.yaml", "--lock-timeout", "-1"]);
 * if (args !== "help") {
 *   assertEquals(args.positionals.RECIPE, "books.yaml");
 *   assertEquals(args.flags["lock-timeout"], -1);
 * }
 * ```
 */
export function parseArguments<const C extends Command>(
  command: C,
  argv: readonly string[],
): Arguments<C> | "help" {
  const flags = Object.entries<Flag>(command.flags);
  const fail = (message: string): never => {
    throw new RecotemError(
      "usage_error",
      `${message} (see "recotem ${command.name} --help")`,
    );
  };
  const normalised = normalise(flags, argv, fail);
  if (normalised === "help") return "help";
  const parsed = parseArgs(normalised, {
    boolean: flags.filter(([, flag]) => flag.type === "boolean")
      .map(([name]) => name),
    // Numbers too are read as text, so that "1e3" and "" are judged here.
    string: ["_"].concat(
      flags.filter(([, flag]) => flag.type !== "boolean").map(([name]) => name),
    ),
    collect: flags.filter(([, flag]) => flag.repeatable).map(([name]) => name),
    alias: Object.fromEntries(
      flags.flatMap(([name, { short }]) => short ? [[name, short]] : []),
    ),
    unknown: (argument, key) => {
      if (key === undefined) return true;
      const written = argument.startsWith("--")
        ? argument.replace(/=.*/s, "")
        : `-${key}`;
      return fail(
        `Unknown flag ${written}${
          didYouMean(written, flags.map(([name]) => `--${name}`))
        }`,
      );
    },
  });
  return {
    positionals: readPositionals(command, parsed._, fail),
    flags: Object.fromEntries(
      flags.map(([name, flag]) => [
        name,
        readFlag(name, flag, parsed[name], fail),
      ]),
    ),
  } as Arguments<C>;
}

/**
 * Joins each flag and its value to `--flag=value`: the parser would take a value that starts with a dash, such as the
 * `-1` of `--lock-timeout -1`, for flags, and would read `--quiet true` as `--quiet=true`.
 */
function normalise(
  flags: readonly (readonly [string, Flag])[],
  argv: readonly string[],
  fail: (message: string) => never,
): string[] | "help" {
  const byName = new Map<string, Flag>(
    flags.flatMap(([name, flag]) => [
      [`--${name}`, flag] as const,
      ...(flag.short ? [[`-${flag.short}`, flag] as const] : []),
    ]),
  );
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const normalised: string[] = [];
  const positionals: string[] = [];
  for (let i = 0; i < end; i++) {
    const argument = argv[i]!;
    if (argument === "--help" || argument === "-h") return "help";
    const equals = argument.indexOf("=");
    const name = equals < 0 ? argument : argument.slice(0, equals);
    const flag = byName.get(name);
    if (flag === undefined) {
      (argument.startsWith("-") && argument !== "-" ? normalised : positionals)
        .push(argument);
    } else if (flag.type === "boolean") {
      if (equals >= 0) fail(`Flag ${name} takes no value`);
      normalised.push(argument);
    } else if (equals >= 0) {
      normalised.push(argument);
    } else {
      const value = argv[i + 1];
      if (
        value === undefined || value === "" || i + 1 >= end ||
        /^-(?![\d.])/.test(value)
      ) {
        fail(`Flag ${name} needs a value`);
      }
      normalised.push(`${name}=${value}`);
      i++;
    }
  }
  return [...normalised, "--", ...positionals, ...argv.slice(end + 1)];
}

function readPositionals(
  command: Command,
  given: readonly string[],
  fail: (message: string) => never,
): Record<string, string> {
  const names = Object.keys(command.positionals);
  if (given.length > names.length) {
    fail(`Unexpected argument ${JSON.stringify(given[names.length])}`);
  }
  return Object.fromEntries(
    names.map((name, i) => [name, given[i] || fail(`Missing ${name}`)]),
  );
}

function readFlag(
  name: string,
  flag: Flag,
  given: unknown,
  fail: (message: string) => never,
): unknown {
  if (flag.type === "boolean") return given === true;
  if (flag.repeatable) {
    return (given as string[]).map((text) => readValue(name, flag, text, fail));
  }
  if (given === undefined) {
    if (flag.required) fail(`Missing --${name}`);
    return flag.default ?? null;
  }
  return readValue(name, flag, String(given), fail);
}

function readValue(
  name: string,
  flag: Flag,
  text: string,
  fail: (message: string) => never,
): string | number {
  if (text === "") fail(`Flag --${name} needs a value`);
  const refuse = (rule: string) => {
    throw new RecotemError(
      flag.valueError ?? "usage_error",
      `Flag --${name} must be ${rule}`,
    );
  };
  if (flag.type === "text") {
    if (flag.choices && !flag.choices.includes(text)) {
      refuse(
        `one of ${flag.choices.join(", ")}${didYouMean(text, flag.choices)}`,
      );
    }
    return text;
  }
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  const kind = flag.type === "integer" ? "a whole number" : "a number";
  if (
    !(flag.type === "integer" ? Number.isSafeInteger : Number.isFinite)(value)
  ) {
    fail(`Flag --${name} must be ${kind}`);
  }
  const { min = -Infinity, max = Infinity } = flag;
  if ((value < min || value > max) && value !== flag.except) {
    const bounds = max === Infinity
      ? `of at least ${min}`
      : `from ${min} to ${max}`;
    const except = flag.except === undefined ? "" : `, or ${flag.except}`;
    refuse(`${kind} ${bounds}${except}`);
  }
  return value;
}
