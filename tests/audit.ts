import { resolve } from "@std/path";
import type { RecipePermissions } from "../core/recipe/permissions.ts";

/** One permission that a process asked for while it ran. */
export interface Asked {
  readonly permission: string;
  /** The path, host or name; null asks for all of the kind. */
  readonly value: string | null;
}

/** How {@linkcode compareWithGrants} differs from "asked for exactly what was granted"; both empty when it does not. */
export interface Difference {
  /** What was asked for and not granted, as `read /etc/passwd`. */
  readonly refused: readonly string[];
  /** What was granted and never asked for. */
  readonly unused: readonly string[];
}

/**
 * Lets the runtime write down every permission that a process asks for.
 *
 * Give {@linkcode Audit.env} to the process, or to one that starts it: processes that hold all permissions write
 * nothing.
 */
export class Audit implements Disposable {
  readonly #file: string = Deno.makeTempFileSync();

  /** Variables that switch the audit on. */
  get env(): Record<string, string> {
    return { DENO_AUDIT_PERMISSIONS: this.#file };
  }

  /** What was asked for so far, each thing once. */
  asked(): Asked[] {
    const lines = new Set(
      Deno.readTextFileSync(this.#file).split("\n").filter((line) => line)
        .map((line) => {
          const { permission, value } = JSON.parse(line) as Asked;
          return JSON.stringify({ permission, value });
        }),
    );
    return [...lines].map((line) => JSON.parse(line) as Asked);
  }

  /** Removes the file. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#file);
  }
}

/**
 * Compares what a process asked for with what it was granted.
 *
 * @param asked What it asked for.
 * @param granted What it was granted.
 * @param cwd The process's working directory, for relative paths.
 */
export function compareWithGrants(
  asked: readonly Asked[],
  granted: RecipePermissions,
  cwd: string,
): Difference {
  const grants = (["read", "write", "net", "env"] as const).flatMap((kind) =>
    granted[kind].map((entry) => ({ kind, entry }))
  );
  const covers = (
    { kind, entry }: typeof grants[number],
    { permission, value }: Asked,
  ) => kind === permission && value !== null && isIn(kind, value, entry, cwd);
  return {
    refused: asked.filter((ask) => !grants.some((grant) => covers(grant, ask)))
      .map(({ permission, value }) => `${permission} ${value ?? "everything"}`),
    unused: grants.filter((grant) => !asked.some((ask) => covers(grant, ask)))
      .map(({ kind, entry }) => `${kind} ${entry}`),
  };
}

/** Whether a grant of `entry` covers `value`. */
function isIn(
  kind: keyof RecipePermissions,
  value: string,
  entry: string,
  cwd: string,
): boolean {
  switch (kind) {
    case "read":
    case "write": {
      const path = resolve(cwd, value);
      const folder = resolve(cwd, entry);
      return path === folder || path.startsWith(`${folder}/`);
    }
    case "net": {
      const host = hostOf(value);
      return host === entry || host.replace(/:\d+$/, "") === entry;
    }
    case "env":
      return entry.endsWith("*")
        ? value.startsWith(entry.slice(0, -1))
        : value === entry;
  }
}

/** A request asks with its URL, a connection with host and port. */
function hostOf(value: string): string {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) return value;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return `${url.hostname}:${port}`;
}
