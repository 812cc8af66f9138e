/**
 * Starts a program of this project in a process of its own that holds the permissions it needs and no others.
 *
 * @module
 */
import { RecotemError } from "../core/errors.ts";
import type { RecipePermissions } from "../core/recipe/permissions.ts";
import { fromFileUrl } from "../core/std/path.ts";
import { permissionFlags } from "../core/recipe/permission_flags.ts";
import { isPluginPath } from "../train/data/load_plugins.ts";

/** A program and what it may touch. */
export interface Program {
  /** URL of its module. */
  readonly module: string;
  readonly permissions: RecipePermissions;
  /** What it needs of the runtime beside permissions, as flags. */
  readonly features?: readonly string[];
  readonly argv: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Modules that it loads beside its own, `RECOTEM_PLUGINS`; default: none. */
  readonly plugins?: readonly string[];
}

/** Signals that ask a program to stop; the child decides what to do about each. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** The folder of the project: one above this file's. */
const ROOT = new URL("../", import.meta.url);

/**
 * Arguments of the `deno` process that runs `program` and ends with this one.
 *
 * Nothing prompts. A program on disk is run with the project's own configuration and lock file, whatever the working
 * directory holds: it can load the packages of the lock file and no others, so an import is no way out of the
 * sandbox. One from a registry may import from its own host only. Plugins from a registry are no packages of the lock
 * file: with them, it can load what Deno's cache holds.
 *
 * @throws {RecotemError} `recipe_error` when a permission cannot be written as a flag.
 */
export function sandboxArguments(program: Program): string[] {
  const url = new URL(program.module);
  const fromRegistry = program.plugins?.some((module) => !isPluginPath(module));
  const loading = url.protocol === "file:"
    ? [
      `--config=${fromFileUrl(new URL("deno.json", ROOT))}`,
      ...(fromRegistry
        ? ["--no-lock", "--cached-only"]
        : ["--frozen", "--no-remote"]),
    ]
    : ["--no-config", "--no-lock", `--allow-import=${url.host}`];
  return [
    "run",
    "--quiet",
    ...loading,
    `--preload=${
      import.meta.resolve("./_end_with_parent.ts")
    }?parent=${Deno.pid}`,
    ...permissionFlags(program.permissions),
    ...program.features ?? [],
    program.module,
    ...program.argv,
  ];
}

/**
 * Runs `program` in a child process and answers what it printed.
 *
 * Needs `--allow-run` for the deno executable.
 *
 * @throws {RecotemError} `recipe_error` when a permission cannot be written as a flag; `internal_error` when the program
 * fails, with what it wrote to standard error.
 */
export async function sandboxedOutput(program: Program): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: sandboxArguments(program),
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new RecotemError(
    "internal_error",
    `A process that should tell what a plugin needs failed: ${
      decoder.decode(stderr)
    }`,
  );
}

/**
 * The command that runs `program` in a child process, in the same working directory and on the same standard streams,
 * with a process group of its own, so that one Ctrl-C reaches it once: by {@linkcode forwardSignals}. The child ends when
 * this process is killed.
 *
 * Needs `--allow-run` for the deno executable when it is spawned.
 *
 * @throws {RecotemError} `recipe_error` when a permission cannot be written as a flag.
 */
export function sandboxedCommand(program: Program): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: sandboxArguments(program),
    env: { ...program.env },
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    detached: true,
  });
}

/**
 * Hands each signal that asks a program to stop to `children`, as they are then, until it is disposed of.
 *
 * @param onSignal Called before.
 */
export function forwardSignals(
  children: Iterable<Deno.ChildProcess>,
  onSignal: () => void = () => {},
): Disposable {
  const forwards = SIGNALS.map((signal) => {
    function forward(): void {
      onSignal();
      for (const child of children) sendSignal(child, signal);
    }
    Deno.addSignalListener(signal, forward);
    return { signal, forward };
  });
  return {
    [Symbol.dispose]() {
      for (const { signal, forward } of forwards) {
        Deno.removeSignalListener(signal, forward);
      }
    },
  };
}

/** Sends a signal to a child that may be over. */
export function sendSignal(
  child: Deno.ChildProcess,
  signal: Deno.Signal,
): void {
  try {
    child.kill(signal);
  } catch (error) {
    // Already over: its exit code is on the way.
    if (!(error instanceof TypeError)) throw error;
  }
}

/**
 * Runs `program` in a child process, in the same working directory and on the same standard streams, and gives up all
 * permissions of this process once it runs. Signals go through to it: the child has a process group of its own, so that
 * one Ctrl-C reaches it once. It ends when this process is killed.
 *
 * Needs `--allow-run` for the deno executable.
 *
 * @returns The exit code: the child's own, or 128 and the signal's number when a signal ended it.
 * @throws {RecotemError} `recipe_error` when a permission cannot be written as a flag.
 */
export async function runSandboxed(program: Program): Promise<number> {
  const child = sandboxedCommand(program).spawn();
  using _ = forwardSignals([child]);
  for (const name of ["run", "read", "write", "net", "env", "sys"] as const) {
    await Deno.permissions.revoke({ name });
  }
  return (await child.status).code;
}
