/** What a run says of its model beyond the best score, and what keeps it from publishing. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { RecotemError } from "../../core/errors.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";
import { train, type TrainResult } from "../../train/train.ts";
import type { TrainOptions } from "../../train/train_options.ts";
import { recordEvents } from "../core/record_events.ts";
import { KEYS } from "./fixture.ts";
import { LOANS, READERS } from "./loans.ts";

/** A run in a folder of its own. */
interface Place {
  readonly folder: string;
  readonly events: ReturnType<typeof recordEvents>;
  run(
    training: string,
    options?: Partial<TrainOptions>,
  ): Promise<TrainResult>;
}

function test(name: string, run: (place: Place) => Promise<void>): void {
  Deno.test(`train() ${name}`, async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    const events = recordEvents();
    try {
      await Deno.writeTextFile(`${folder}/loans.csv`, LOANS);
      await run({
        folder,
        events,
        async run(training, options) {
          return await train(await recipe(folder, training), {
            keys: KEYS,
            events,
            ...options,
          });
        },
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function recipe(folder: string, training: string): Promise<Recipe> {
  const text = `
name: books
source: { type: csv, path: ${folder}/loans.csv }
schema: { user_column: reader, item_column: book, time_column: at }
training: { cutoff: 5, ${training} }
output: { path: ${folder}/models/books.recotem }
`;
  return await parseRecipe(text, { path: "r", env: new Map() });
}

for (
  const [scheme, algorithm] of [
    ["random", "IALS"],
    ["time_user", "CosineKNN"],
    ["time_global", "DenseSLIM"],
  ]
) {
  test(`scores ${algorithm} once on what ${scheme} set aside, in result, header and event alike`, async ({ run, events }) => {
    const { header, test, evaluation } = await run(
      `algorithms: [${algorithm}], n_trials: 2, split: { scheme: ${scheme}, heldout_ratio: 0.3, test_ratio: 0.25 }`,
    );
    const { best, popularity } = test!;
    const told = events.seen.filter(([, event]) => event === "test_scored");
    assertEquals(told.length, 1);
    assertEquals(told[0]![2], {
      test_score: best.ndcg,
      test_score_interval: best.interval,
      popularity_score: popularity.ndcg,
      n_users: best.users,
    });
    assertEquals(header.test_score, best.ndcg);
    assertEquals(header.test_score_interval, best.interval);
    assertEquals(header.test_metrics?.recall, best.recall);
    assertEquals(header.test_metrics?.popularity_score, popularity.ndcg);
    assert(best.ndcg > 0 && best.ndcg !== evaluation.ndcg);
    if (scheme !== "time_global") {
      assertEquals(best.users, READERS / 4);
      assertEquals(evaluation.users, READERS * 3 / 4);
    }
    assertEquals(header.split?.test_ratio, 0.25);
  });
}

test("goes on from kept trials with all that was measured of them", async ({ run, folder }) => {
  const training =
    `algorithms: [IALS, TopPop], n_trials: 3, split: { heldout_ratio: 0.3 }, storage_path: ${folder}/trials.journal`;
  const [first, second] = [
    await run(training, { runId: "nightly" }),
    await run(training, { runId: "nightly" }),
  ];
  assertEquals(second.evaluation, first.evaluation);
  assertEquals(second.leaderboard, first.leaderboard);
  assertEquals(second.header.metrics, first.header.metrics);
});

const GOOD =
  "algorithms: [CosineKNN], n_trials: 1, split: { heldout_ratio: 0.3 }";
const BAD = "algorithms: [TopPop], split: { heldout_ratio: 0.3 }";

test("publishes nothing that the gate refuses, and leaves what was there", async ({ run, folder, events }) => {
  const { publication } = await run(GOOD);
  const pointer = await Deno.readTextFile(publication.pointer!);
  const artifact = await Deno.readFile(publication.artifact);
  for (const gate of ["max_drop: 0.05", "min_score: 0.99"]) {
    const error = await assertRejects(
      () => run(`${BAD}, gate: { ${gate} }`),
      RecotemError,
      gate.split(":")[0],
    );
    assertEquals([error.code, error.exitCode], ["gate_failed", 4]);
    assert(error.message.includes(`${error.details.score}`), error.message);
  }
  const told = events.seen.map(([, event]) => event);
  assertEquals(told.filter((event) => event === "artifact_written").length, 1);
  assertEquals(await Deno.readTextFile(publication.pointer!), pointer);
  assertEquals(await Deno.readFile(publication.artifact), artifact);
  const files = await Array.fromAsync(Deno.readDir(`${folder}/models`));
  assertEquals(files.filter(({ name }) => /\.recotem$/.test(name)).length, 2);
});
