/** How to run a command. */
export interface RunOptions {
  readonly cwd?: string;
  readonly uid?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads. */
  readonly input?: string;
}

/** Runs a command to its end; answers what it printed, and throws when it fails. */
export async function runCommand(
  [command, ...args]: readonly string[],
  { cwd, uid, env, input = "" }: RunOptions = {},
): Promise<string> {
  const process = new Deno.Command(command!, {
    args,
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid }),
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  const [{ success, stdout, stderr }] = await Promise.all([
    process.output(),
    // A command that ends early need not read all.
    writer.write(new TextEncoder().encode(input)).then(() => writer.close())
      .catch(() => {}),
  ]);
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${command} failed: ${decoder.decode(stderr)}`);
}
