/**
 * The command line: picks a command and runs it.
 *
 * @module
 */
import { COMMANDS } from "../core/config/commands.ts";
import { didYouMean } from "../core/config/did_you_mean.ts";
import { programHelp } from "../core/config/help.ts";
import { RecotemError } from "../core/errors.ts";
import { exitCode } from "./_exit_code.ts";
import { print } from "./_output.ts";

/** Runs a command with the arguments after its name; answers the exit code. */
type Run = (argv: readonly string[]) => Promise<number>;

/** Name → how to load it. A command's code is read only when it is called. */
const LOADERS: ReadonlyMap<string, () => Promise<Run>> = new Map([
  ["train", async (): Promise<Run> => (await import("./train.ts")).train],
  ["serve", async (): Promise<Run> => (await import("./serve.ts")).serve],
  [
    "evaluate",
    async (): Promise<Run> => (await import("./evaluate.ts")).evaluate,
  ],
  ["inspect", async (): Promise<Run> => (await import("./inspect.ts")).inspect],
  [
    "recommend",
    async (): Promise<Run> => (await import("./recommend.ts")).recommend,
  ],
  ["prune", async (): Promise<Run> => (await import("./prune.ts")).prune],
  [
    "validate",
    async (): Promise<Run> => (await import("./validate.ts")).validate,
  ],
  ["schema", async (): Promise<Run> => (await import("./schema.ts")).schema],
  ["keygen", async (): Promise<Run> => (await import("./keygen.ts")).keygen],
  [
    "permissions",
    async (): Promise<Run> => (await import("./permissions.ts")).permissions,
  ],
  ["compile", async (): Promise<Run> => (await import("./compile.ts")).compile],
]);

/** The commands that start other processes; the last three only to reach a host or to ask a plugin what it needs. */
const STARTERS: ReadonlySet<string> = new Set([
  "train",
  "serve",
  "evaluate",
  "compile",
  "recommend",
  "prune",
  "inspect",
  "validate",
  "permissions",
]);

/**
 * Runs the command that the first argument names.
 *
 * @param argv The command's name, then its arguments.
 * @returns The exit code; errors are written to standard error.
 */
export function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  return exitCode(async () => {
    if (name === "--help" || name === "-h") {
      print(programHelp(COMMANDS));
      return 0;
    }
    const load = LOADERS.get(name ?? "");
    if (load === undefined) {
      throw new RecotemError(
        "usage_error",
        name === undefined
          ? 'Missing COMMAND (see "recotem --help")'
          : `Unknown command ${JSON.stringify(name)}${
            didYouMean(name, [...LOADERS.keys()])
          } (see "recotem --help")`,
      );
    }
    return await (await load())(rest);
  });
}

if (import.meta.main) {
  // All commands read here; those that do more do it in a process of their own. What is not done is not permitted.
  for (const name of ["net", "write", "ffi"] as const) {
    await Deno.permissions.revoke({ name });
  }
  // Training asks how much memory is free before it gives this up too.
  if (Deno.args[0] !== "train") await Deno.permissions.revoke({ name: "sys" });
  if (!STARTERS.has(Deno.args[0] ?? "")) {
    await Deno.permissions.revoke({ name: "run" });
  }
  Deno.exit(await main(Deno.args));
}
