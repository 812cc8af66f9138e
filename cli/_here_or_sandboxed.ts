import { type Program, runSandboxed } from "./sandbox.ts";

/**
 * Runs a command here when this process may reach all hosts that it needs, as it may when it needs none, and loads no plugin; else as
 * `program`, in a process that may reach those and no others.
 */
export async function hereOrSandboxed(
  here: () => Promise<number>,
  program: Program,
): Promise<number> {
  if (program.plugins !== undefined && program.plugins.length > 0) {
    return await runSandboxed(program);
  }
  for (const host of program.permissions.net) {
    const { state } = await Deno.permissions.query({ name: "net", host });
    if (state !== "granted") return await runSandboxed(program);
  }
  await Deno.permissions.revoke({ name: "run" });
  return await here();
}
