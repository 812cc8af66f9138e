/**
 * Kills a search at random moments and goes on with it.
 *
 * RECOTEM_KILLS is the number of kills for each storage, 2 unless it is set: every run takes a second or more.
 */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { KeyRing } from "../../artifact/key_ring.ts";
import { readArtifact } from "../../artifact/read_artifact.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { openSqlite } from "../../train/search/database/open_sqlite.ts";
import { readTrials } from "../../train/search/database/study_rows.ts";
import { readJournal } from "../../train/search/journal/read_journal.ts";
import {
  loggedTrial,
  searchTrial,
  type StoredTrial,
} from "../../train/search/stored_trial.ts";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import { killed } from "./kill_training.ts";
import {
  ENV,
  loansFolder,
  recipe,
  type Told,
  trainBooks,
} from "./train_run.ts";

const KILLS = Number(Deno.env.get("RECOTEM_KILLS") ?? 2);
const TRIALS = 40;
const RUN = ["--run-id=nightly"];

/** The trials of a storage, by its own reader. */
const READERS: Readonly<
  Record<string, (path: string) => Promise<readonly StoredTrial[]>>
> = {
  "trials.journal": async (path) =>
    readJournal(await Deno.readFile(path)).replay.studies[0]?.trials ?? [],
  async "trials.db"(path) {
    // The system frees the lock of a process a moment after it has ended.
    await using database = await retry(() => openSqlite(path));
    return await database.transaction(async (session) => {
      const [table] = await session.query(
        "SELECT name FROM sqlite_master WHERE name = 'trials'",
      );
      return table ? await readTrials(session, 1, 0) : [];
    });
  },
};

async function retry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let n = 0; n < 100; n++) {
    try {
      return await attempt();
    } catch {
      await delay(50);
    }
  }
  return await attempt();
}

function searching(storage: string): string {
  return recipe({
    training:
      `training: { algorithms: [IALS, CosineKNN, TopPop], n_trials: ${TRIALS}, parallelism: 2, split: { heldout_ratio: 0.3 }, storage_path: ${storage} }`,
  });
}

/** The finished trials that a storage has, by number; none may be there twice. */
async function finished(
  folder: RecipeFolder,
  storage: string,
): Promise<Map<number, unknown>> {
  const found = new Map<number, unknown>();
  const path = `${folder.path}/${storage}`;
  if (!await Deno.stat(path).catch(() => null)) return found;
  for (const trial of await READERS[storage]!(path)) {
    const logged = loggedTrial(trial);
    if (logged === null) continue;
    const { number } = searchTrial(trial)!;
    assert(!found.has(number), `Trial ${number} was done twice`);
    const { seconds: _, ...outcome } = logged;
    found.set(number, outcome);
  }
  return found;
}

/** What an artifact says of the search that it came from. */
async function resultOf(folder: RecipeFolder): Promise<unknown> {
  const { header } = await readArtifact(
    createStore(),
    `${folder.path}/models/books.recotem`,
    {
      keys: KeyRing.parse(ENV.RECOTEM_SIGNING_KEYS!),
      maxArtifactBytes: 2 ** 24,
      maxPayloadBytes: 2 ** 24,
      recipeName: "books",
    },
  );
  const { best_class, best_score, best_params } = header;
  return { best_class, best_score, best_params };
}

function toldTrials(told: readonly Told[]): number[] {
  return told.filter(({ event }) => event === "trial_done")
    .map(({ trial }) => Number(trial));
}

for (const storage of Object.keys(READERS)) {
  Deno.test(`recotem train loses no trial in ${storage} and does none twice when it is killed ${KILLS} times, and ends as if it had not been`, async () => {
    await using whole = await loansFolder(searching(storage));
    const started = performance.now();
    assertEquals((await trainBooks(whole, RUN)).code, 0);
    const longest = performance.now() - started;
    const expected = await finished(whole, storage);
    assertEquals(expected.size, TRIALS);

    await using folder = await loansFolder(searching(storage));
    let before = new Map<number, unknown>();
    for (let n = 0; n < KILLS; n++) {
      const { told } = await killed(folder, {
        victim: n % 4 === 0 ? "the command" : "its child",
        after: n % 3 === 2 ? null : "search_started",
        milliseconds: Math.random() * longest / (n % 3 === 2 ? 1 : 4),
        flags: RUN,
      });
      const now = await finished(folder, storage);
      for (const number of [...before.keys(), ...toldTrials(told)]) {
        assert(now.has(number), `Trial ${number} was lost`);
      }
      for (const [number, trial] of before) {
        assertEquals(now.get(number), trial);
      }
      before = now;
    }
    const { code } = await trainBooks(folder, RUN);
    assertEquals(code, 0);
    assertEquals(await finished(folder, storage), expected);
    assertEquals(await resultOf(folder), await resultOf(whole));
  });
}
