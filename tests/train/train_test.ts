import { assert, assertEquals, assertRejects } from "@std/assert";
import { KeyRing } from "../../artifact/key_ring.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import { recipeHash } from "../../core/recipe/recipe_hash.ts";
import { RecotemError } from "../../core/errors.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { FileStore } from "../../core/storage/file_store.ts";
import { openRecommender } from "../../serve/open_recommender.ts";
import { train } from "../../train/train.ts";
import { KEYS } from "./fixture.ts";
import { BOOKS, LOANS, READERS } from "./loans.ts";
import { options, refusal, test } from "./train_place.ts";

const KNN = "algorithms: [CosineKNN, TopPop], n_trials: 4";

const ITERATIVE = "algorithms: [IALS, RP3beta], n_trials: 4";

test(
  "publishes an artifact that can be opened and says what was found",
  KNN,
  async (place) => {
    const { recipe, folder, published } = place;
    const result = await train(recipe, options());
    const { publication, header, leaderboard } = result;
    const [pointer, artifact] = [
      `${folder}/models/books.recotem`,
      publication.artifact,
    ];
    assertEquals(publication.pointer, pointer);
    const name = artifact.split("/").at(-1)!;
    assertEquals(
      await published(),
      [
        name,
        `${name}.report.html`,
        `${name}.report.json`,
        "books.recotem",
      ].sort(),
    );
    assertEquals(result.report, {
      html: `${artifact}.report.html`,
      json: `${artifact}.report.json`,
    });
    const opened = await openRecommender(pointer, {
      keys: KEYS,
      recipeName: "books",
    });
    assertEquals(opened.digest, publication.sha256);
    assertEquals({ ...opened.header, ...header }, opened.header);
    assertEquals(header.recipe_hash, await recipeHash(recipe));
    assertEquals(header.trained_at, "2026-11-02T03:04:05Z");
    assertEquals(header.data_stats, {
      n_rows: 10 * READERS,
      n_users: READERS,
      n_items: BOOKS,
      drop_count: 0,
      dedup_policy: "keep_last",
    });
    assertEquals(leaderboard[0]?.score, header.best_score);
    assertEquals(leaderboard[0]?.interval, header.best_score_interval);
    assertEquals(header.metrics?.popularity_score, result.popularity.ndcg);
    assertEquals(header.metrics?.ndcg, header.best_score);
    assertEquals([result.test, "test_score" in header], [null, false]);
    const [low, high] = header.best_score_interval!;
    assert(low < header.best_score! && header.best_score! < high);
    assertEquals(
      leaderboard.map(({ algorithm, trials }) => [algorithm, trials]),
      [["CosineKNN", 3], ["TopPop", 1]],
    );
  },
);

test(
  "fits the final model on all rows, not on those the trials saw",
  "algorithms: [TopPop], n_trials: 1",
  async ({ recipe }) => {
    await train(recipe, options());
    const { recommender } = await openRecommender(recipe.output.path, {
      keys: KEYS,
    });
    const lent = new Map<string, number>();
    for (const line of LOANS.trimEnd().split("\n").slice(1)) {
      const book = line.split(",")[1]!;
      lent.set(book, (lent.get(book) ?? 0) + 1);
    }
    const { items, scores } = recommender.recommend(
      recommender.users.indexOf("r0"),
      { limit: BOOKS },
    );
    assertEquals(items.length, BOOKS - 10);
    for (const [n, item] of items.entries()) {
      assertEquals(scores[n], lent.get(recommender.items.id(item)));
    }
  },
);

test(
  "puts the items' fields into the artifact",
  "algorithms: [TopPop], n_trials: 1",
  async ({ recipe }) => {
    await train(recipe, options());
    const { recommender } = await openRecommender(recipe.output.path, {
      keys: KEYS,
    });
    const item = recommender.items.indexOf("b7");
    assertEquals(recommender.table?.row(item), { title: "Title 7" });
  },
  "item_metadata: { type: csv, path: FOLDER/titles.csv, item_id_column: book, fields: [title] }",
);

test(
  "writes no report when the recipe wants none",
  "algorithms: [TopPop], n_trials: 1",
  async ({ recipe, published }) => {
    const output = { ...recipe.output, report: false };
    const { report } = await train({ ...recipe, output }, options());
    assertEquals(report, null);
    assertEquals((await published()).length, 2);
  },
);

test(
  "publishes although the report cannot be written",
  "algorithms: [TopPop], n_trials: 1",
  async ({ recipe, folder, published }) => {
    class NoReports extends FileStore {
      override write(...args: Parameters<FileStore["write"]>) {
        return args[0].includes(".report.")
          ? Promise.reject(new Deno.errors.PermissionDenied("read-only"))
          : super.write(...args);
      }
    }
    const given = options({ store: createStore([new NoReports()]) });
    const { report, publication } = await train(recipe, given);
    assertEquals(report, null);
    assertEquals((await published()).length, 2);
    assertEquals(given.events.seen.at(-1)?.slice(0, 2), [
      "warn",
      "report_not_written",
    ]);
    const opened = await openRecommender(`${folder}/models/books.recotem`, {
      keys: KEYS,
    });
    assertEquals(opened.digest, publication.sha256);
  },
);

test(
  "puts the recipe's text, the rows dropped and the trials into the report",
  KNN,
  async ({ recipe, folder }) => {
    const loans = await Deno.readTextFile(`${folder}/loans.csv`);
    await Deno.writeTextFile(
      `${folder}/loans.csv`,
      `${loans},b1,2026-01-01\n${loans.trim().split("\n").at(-1)}\n`,
    );
    let stopwatch = Date.UTC(2026, 10, 2);
    const { report } = await train(recipe, {
      ...options({ now: () => new Date(stopwatch += 1500) }),
      recipeText: "name: books # as written",
    });
    const told = JSON.parse(await Deno.readTextFile(report!.json));
    assertEquals(told.recipe.text, "name: books # as written");
    assertEquals(
      [told.data.rows_read, told.data.rows_without_id, told.data.rows_repeated],
      [402, 1, 1],
    );
    assertEquals(told.search.trials.length, 4);
    for (const { peak_bytes } of told.search.trials) assert(peak_bytes > 0);
    assert(told.run.wall_seconds > 0);
  },
);

test(
  "makes the same artifact again from the same data, recipe and seed",
  ITERATIVE,
  async ({ recipe }) => {
    const first = await train(recipe, options());
    const second = await train(recipe, options());
    assertEquals(second.publication, first.publication);
  },
);

test(
  "learns the same however many trials run at once",
  ITERATIVE,
  async ({ recipe }) => {
    const results = [];
    for (const parallelism of [1, 3]) {
      const training = { ...recipe.training, parallelism };
      const { header } = await train({ ...recipe, training }, options());
      const opened = await openRecommender(recipe.output.path, { keys: KEYS });
      results.push([
        header.best_params,
        header.best_score,
        header.tuning,
        opened.recommender.tensors(),
      ]);
    }
    assertEquals(results[1], results[0]);
  },
);

test("tells what it does, in order", KNN, async ({ recipe }) => {
  const given = options();
  const { publication, header, popularity } = await train(recipe, given);
  const { seen } = given.events;
  assertEquals(
    seen.map(([level, event]) => `${level} ${event}`),
    [
      "training_started",
      "fetching_data",
      "csv_source_fetch_start",
      "csv_source_fetch_done",
      "data_fetched",
      "data_cleansed",
      "splitting_data",
      "split_done",
      "popularity_scored",
      "search_started",
      ...new Array(4).fill(["trial_started", "trial_done"]).flat(),
      "tuning_complete",
      "search_done",
      "training_final_model",
      "final_model_trained",
      "artifact_written",
      "report_written",
    ].map((event) =>
      `${event === "trial_started" ? "debug" : "info"} ${event}`
    ),
  );
  const fields = Object.fromEntries(seen.map(([, event, all]) => [event, all]));
  assertEquals(fields.training_started, {
    name: "books",
    run_id: "run-1",
    recipe_hash: header.recipe_hash,
  });
  assertEquals(fields.data_fetched, { n_rows: 400 });
  assertEquals(fields.data_cleansed, {
    n_rows: 400,
    n_users: READERS,
    n_items: BOOKS,
    drop_count: 0,
  });
  assertEquals(fields.split_done, {
    n_fit: 280,
    n_held_out: 120,
    val_offset: 0,
  });
  assertEquals(fields.popularity_scored, {
    score: popularity.ndcg,
    score_interval: popularity.interval,
    n_users: READERS,
  });
  const { bytes, flops, ...started } = fields.search_started!;
  assertEquals(started, {
    algorithms: ["CosineKNN", "TopPop"],
    n_trials: 4,
    metric: "ndcg",
    cutoff: 5,
    parallelism: 1,
    timeout_seconds: null,
  });
  for (const estimates of [bytes, flops]) {
    assertEquals(Object.keys(estimates as object), started.algorithms);
  }
  assert(!("params" in fields.trial_done!));
  assertEquals(fields.search_done?.best_class, header.best_class);
  assertEquals(fields.search_done?.best_score, header.best_score);
  assertEquals(
    fields.search_done?.best_score_interval,
    header.best_score_interval,
  );
  assertEquals(fields.search_done?.popularity_score, popularity.ndcg);
  assertEquals(fields.search_done?.n_completed, 4);
  // The last trial is of TopPop, which is the baseline.
  const { ndcg, interval, coverage, novelty, gini } = popularity;
  const toppop = seen.find(([, event, { algorithm }]) =>
    event === "trial_done" && algorithm === "TopPop"
  )![2];
  assertEquals(
    [
      toppop.score,
      toppop.score_interval,
      toppop.coverage,
      toppop.novelty,
      toppop.gini,
    ],
    [ndcg, interval, coverage, novelty, gini],
  );
  assertEquals(fields.artifact_written, {
    versioning: "append_sha",
    artifact: publication.artifact,
    pointer: publication.pointer,
    kid: "shop",
    bytes: publication.bytes,
  });
});

for (
  const [verbosity, count, params] of [
    ["quiet", 0, false],
    ["verbose", 4, true],
  ] as const
) {
  test(
    `tells of ${count} trials when ${verbosity}, parameters ${
      params ? "with" : "left out"
    }`,
    KNN,
    async ({ recipe }) => {
      const given = options({ verbosity });
      await train(recipe, given);
      const trials = given.events.seen
        .filter(([, event]) => event === "trial_done")
        .map(([, , fields]) => fields);
      assertEquals(trials.length, count);
      for (const [n, fields] of trials.entries()) {
        assertEquals([fields.trial, fields.recipe, fields.run_id], [
          n,
          "books",
          "run-1",
        ]);
        assertEquals(fields.state, "complete");
        assert(typeof fields.score === "number");
        assertEquals("params" in fields, params);
      }
    },
  );
}

test("notes the facts of a run as they become known", KNN, async (place) => {
  const facts: Record<string, unknown> = {};
  const note = (more: object) => Object.assign(facts, more);
  const schema = { ...place.recipe.schema, item_column: "missing" };
  const broken = { ...place.recipe, schema };
  await refusal({ ...place, recipe: broken }, options({ note }));
  assertEquals(facts, { recipe_hash: await recipeHash(broken) });
  await train(place.recipe, options({ note }));
  assertEquals(facts, {
    recipe_hash: await recipeHash(place.recipe),
    n_rows: 400,
    n_users: READERS,
    n_items: BOOKS,
  });
});

test(
  "leaves kernels that it was given open, and gives back what it borrowed",
  "algorithms: [IALS], n_trials: 1",
  async ({ recipe }) => {
    let closed = 0;
    let shared = 0;
    const reference = createReferenceKernels();
    const kernels: Kernels = {
      ...reference,
      share(matrix) {
        shared++;
        return reference.share(matrix);
      },
      release() {
        shared--;
      },
      close() {
        closed++;
      },
    };
    await train(recipe, options({ kernels }));
    assertEquals([shared, closed], [0, 0]);
  },
);

test(
  "rounds as the recipe says, says so in the artifact, and learns the same again",
  "algorithms: [IALS], n_trials: 2, arithmetic: strict",
  async ({ recipe }) => {
    const learned = [];
    for (let repeat = 0; repeat < 2; repeat++) {
      const { kernels: _, ...given } = options();
      const { header } = await train(recipe, given);
      assertEquals(header.engine, "wasm-simd-strict");
      const { recommender } = await openRecommender(recipe.output.path, {
        keys: KEYS,
      });
      learned.push(recommender.tensors());
    }
    assertEquals(learned[1], learned[0]);
  },
);

test("signs with the first key", KNN, async ({ recipe }) => {
  const [old, next] = ["old", "next"].map((kid, n) =>
    `${kid}:${String(n).repeat(64)}`
  );
  await train(recipe, options({ keys: KeyRing.parse(`${next},${old}`) }));
  await openRecommender(recipe.output.path, { keys: KeyRing.parse(next!) });
  await assertRejects(
    () => openRecommender(recipe.output.path, { keys: KeyRing.parse(old!) }),
    RecotemError,
    "next",
  );
});
