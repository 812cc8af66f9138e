/**
 * Runs of `recotem train` that come to a sudden end.
 *
 * @module
 */
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import { eventsOf, startTraining, type Told } from "./train_run.ts";

/** The process that a run trains in. */
async function childOf({ pid }: Deno.ChildProcess): Promise<number | null> {
  const { stdout } = await new Deno.Command("pgrep", {
    args: ["-P", String(pid)],
  }).output();
  return Number(new TextDecoder().decode(stdout).trim()) || null;
}

/** Who is killed. */
export type Victim = "the command" | "its child";

/** How a run is killed. */
export interface Kill {
  readonly victim: Victim;
  /** The event that the time counts from; null: its start. */
  readonly after: string | null;
  readonly milliseconds: number;
  /** Flags of the run. */
  readonly flags?: readonly string[];
}

/** Kills a run by SIGKILL; answers what it told, and how it ended. */
export async function killed(
  folder: RecipeFolder,
  { victim, after, milliseconds, flags = [] }: Kill,
): Promise<{ told: Told[]; status: Deno.CommandStatus }> {
  const process = startTraining(folder, flags);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let child: Promise<number | null> | undefined;
  async function kill(): Promise<void> {
    const pid = victim === "the command"
      ? process.pid
      : await (child ?? childOf(process));
    try {
      if (pid !== null) Deno.kill(pid, "SIGKILL");
    } catch (error) {
      // It was quicker.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  let kills = Promise.resolve();
  function schedule(): void {
    timer = setTimeout(() => kills = kill(), milliseconds);
  }
  if (after === null) schedule();
  const told: Told[] = [];
  // It comes to its end when both processes have.
  for await (const event of eventsOf(process)) {
    told.push(event);
    // Looked up early, because that takes longer than writing does.
    child ??= childOf(process);
    if (event.event === after) schedule();
  }
  clearTimeout(timer);
  await Promise.all([kills, child]);
  await process.stdout.cancel();
  return { told, status: await process.status };
}
