import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { train } from "../../train/train.ts";
import { assertNothing, options, refusal, test } from "./train_place.ts";

const KNN = "algorithms: [CosineKNN, TopPop], n_trials: 4";

test("publishes nothing once it was stopped", KNN, async (place) => {
  const stop = new AbortController();
  const given = options({ signal: stop.signal });
  const { info } = given.events;
  given.events.info = (event, fields) => {
    info(event, fields);
    if (event === "final_model_trained") stop.abort(new Error("SIGINT"));
  };
  await assertRejects(() => train(place.recipe, given), Error, "SIGINT");
  await assertNothing(place);
});

test("publishes nothing that servers would refuse", KNN, async (place) => {
  const error = await refusal(place, options({ maxPayloadBytes: 1000 }));
  assertEquals([error.code, error.exitCode], ["artifact_error", 5]);
  await assertNothing(place);
});

test("publishes nothing outside the artifact root", KNN, async (place) => {
  await Deno.mkdir(`${place.folder}/root`);
  const error = await refusal(
    place,
    options({ artifactRoot: `${place.folder}/root` }),
  );
  assertEquals(error.exitCode, 5);
  await assertNothing(place);
});

for (
  const [path, message] of [
    ["mysql://db/studies", "must be a path, sqlite:///path or postgresql://"],
    ["postgresql://ann:secret@db/studies", "must not hold a user or password"],
  ] as const
) {
  test(
    `refuses the study ${path} before it reads any data`,
    `storage_path: "${path}", ${KNN}`,
    async (place) => {
      const given = options();
      const error = await refusal(place, given);
      assertEquals([error.code, error.exitCode], ["search_error", 4]);
      assert(error.message.includes(message), error.message);
      assert(!error.message.includes("secret"));
      assertEquals(given.events.seen, []);
    },
  );
}

test(
  "refuses a name that no pointer can hold before it reads any data",
  KNN,
  async (place) => {
    const given = options();
    const output = { ...place.recipe.output, path: "models/böok.recotem" };
    const error = await refusal(
      { ...place, recipe: { ...place.recipe, output } },
      given,
    );
    assertEquals([error.code, error.exitCode], ["recipe_error", 2]);
    assertEquals(given.events.seen, []);
  },
);

test(
  "refuses a missing item field before it searches",
  KNN,
  async (place) => {
    const given = options();
    const error = await refusal(place, given);
    assertEquals([error.code, error.exitCode], ["datasource_error", 3]);
    const told = given.events.seen.map(([, event]) => event);
    assert(told.includes("data_cleansed") && !told.includes("search_started"));
    await assertNothing(place);
  },
  "item_metadata: { type: csv, path: FOLDER/titles.csv, item_id_column: book, fields: [author] }",
);

test(
  "ends the kernels that it started, also when it fails",
  KNN,
  async (place) => {
    const { kernels: _, ...given } = options();
    const { header } = await train(place.recipe, given);
    assertEquals(header.engine, "wasm-simd-relaxed");
    await refusal(place, { ...given, maxPayloadBytes: 1000 });
  },
);

test(
  "does not try what needs more memory than it may take, and says so",
  KNN,
  async ({ recipe }) => {
    const given = options();
    // Room for TopPop, not for neighbours.
    const { header } = await train(recipe, { ...given, maxMemoryBytes: 1000 });
    assertEquals(header.best_class, "TopPopRecommender");
    const told = given.events.seen.filter(([, event]) =>
      event === "trial_learn_failed"
    );
    assertEquals(told.length, 3);
    assertMatch(String(told[0]![2].error), /^Not tried: needs about/);
  },
);
