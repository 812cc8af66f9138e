import { fromFileUrl } from "@std/path";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** How a run of the command line ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the command line in a process of its own, as it is installed from files: from another folder, with `-A`.
 *
 * @param argv Arguments.
 * @param options `env` stands in place of this process's RECOTEM_* variables; `main` is another copy's entry.
 */
export async function recotem(
  argv: readonly string[],
  options: {
    cwd?: string;
    env?: Record<string, string>;
    main?: string;
  } = {},
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", options.main ?? MAIN, ...argv],
    cwd: options.cwd ?? "/",
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
