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
import { killed, type Victim } from "./kill_training.ts";
import { ENV, loansFolder, namesOf, trainBooks } from "./train_run.ts";

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
    const { told, status } = await killed(folder, {
      victim,
      after,
      milliseconds: most * Math.random(),
    });
    const left = await assertAllWhole(folder);
    const names = namesOf(told);
    if (!names.includes("final_model_trained")) assertEquals(left, published);
    if (!names.includes("train_done")) assert(!status.success);
    const { code } = await trainBooks(folder, ["--fail-on-busy"]);
    assertEquals(code, 0);
    published = await assertAllWhole(folder);
  }
});
