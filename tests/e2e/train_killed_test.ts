/**
 * Kills training at random moments and looks at what is left.
 *
 * RECOTEM_KILLS is the number of kills, 4 unless it is set. One in four hits the command, the others the process that it
 * trains in, and half of all the time in which the artifact is written.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { KeyRing } from "../../artifact/key_ring.ts";
import { readArtifact } from "../../artifact/read_artifact.ts";
import { createStore } from "../../core/storage/create_store.ts";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import {
  ENV,
  eventsOf,
  loansFolder,
  namesOf,
  startTraining,
  type Told,
  trainBooks,
} from "./train_run.ts";

const KILLS = Number(Deno.env.get("RECOTEM_KILLS") ?? 4);
const KEYS = KeyRing.parse(ENV.RECOTEM_SIGNING_KEYS!);

/** Asserts that an artifact, or the one that a pointer names, is whole; answers its path. */
async function assertWhole(path: string): Promise<string> {
  const artifact = await readArtifact(createStore(), path, {
    keys: KEYS,
    maxArtifactBytes: 2 ** 24,
    maxPayloadBytes: 2 ** 24,
    recipeName: "books",
  });
  return artifact.uri;
}

/** Asserts that the pointer names a whole artifact, and that all artifacts are whole, whatever else was left. */
async function assertAllWhole({ path }: RecipeFolder): Promise<string> {
  const models = `${path}/models`;
  for await (const { name } of Deno.readDir(models)) {
    if (/^books\.[0-9a-f]{8}\.recotem$/.test(name)) {
      await assertWhole(`${models}/${name}`);
    } else {
      assertMatch(
        name,
        /^(books(\.[0-9a-f]{8})?\.recotem(\.lock|\.report\.(html|json))?|\.[0-9a-f-]{36}\.tmp)$/,
      );
    }
  }
  return await assertWhole(`${models}/books.recotem`);
}

/** The process that a run trains in. */
async function childOf({ pid }: Deno.ChildProcess): Promise<number | null> {
  const { stdout } = await new Deno.Command("pgrep", {
    args: ["-P", String(pid)],
  }).output();
  return Number(new TextDecoder().decode(stdout).trim()) || null;
}

type Victim = "the command" | "its child";

/** Kills a run so many milliseconds after an event, or after its start; answers what it told, and how it ended. */
async function killed(
  folder: RecipeFolder,
  victim: Victim,
  after: string | null,
  milliseconds: number,
): Promise<{ told: Told[]; status: Deno.CommandStatus }> {
  const process = startTraining(folder);
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

/** What a run takes, and its last part, which writes. */
async function durations(
  folder: RecipeFolder,
): Promise<{ whole: number; writing: number }> {
  const started = performance.now();
  const { code, events } = await trainBooks(folder);
  assertEquals(code, 0);
  const at = (name: string) =>
    Date.parse(
      String(events.find(({ event }) => event === name)!.timestamp),
    );
  return {
    whole: performance.now() - started,
    writing: at("train_done") - at("final_model_trained"),
  };
}

Deno.test(`recotem train leaves a pointer to a whole artifact and a free lock when it is killed, ${KILLS} times`, async () => {
  await using folder = await loansFolder();
  const { whole, writing } = await durations(folder);
  let published = await assertAllWhole(folder);
  for (let n = 0; n < KILLS; n++) {
    const victim: Victim = n % 4 === 0 ? "the command" : "its child";
    const [after, most] = n % 4 < 2
      ? [null, whole] as const
      : ["final_model_trained", writing] as const;
    const { told, status } = await killed(
      folder,
      victim,
      after,
      most * Math.random(),
    );
    const left = await assertAllWhole(folder);
    const names = namesOf(told);
    if (!names.includes("final_model_trained")) assertEquals(left, published);
    if (!names.includes("train_done")) assert(!status.success);
    const { code } = await trainBooks(folder, ["--fail-on-busy"]);
    assertEquals(code, 0);
    published = await assertAllWhole(folder);
  }
});
