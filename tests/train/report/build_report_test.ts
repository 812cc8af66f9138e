import { assert, assertEquals, assertRejects } from "@std/assert";
import { scored } from "../fixture.ts";
import { fromDense } from "../../core/kernels/matrices.ts";
import { metrics, ofAlgorithm, reportOf } from "./fixture.ts";

Deno.test("buildReport() tells which rows were read, dropped and why", async () => {
  const { data } = await reportOf();
  assertEquals(data, {
    rows_read: 12,
    rows_kept: 7,
    rows_without_id: 2,
    rows_repeated: 3,
    dedup: "keep_last",
    users: 4,
    items: 4,
    pairs: 7,
    density: 7 / 16,
    period: null,
    items_by_users: [{ from: 1, to: 1, count: 2 }, {
      from: 2,
      to: 3,
      count: 2,
    }],
    users_by_items: [{ from: 1, to: 1, count: 2 }, {
      from: 2,
      to: 3,
      count: 2,
    }],
    item_fields: null,
  });
});

Deno.test("buildReport() tells how concentrated interactions and lists are, and what they cover", async () => {
  const { catalogue } = await reportOf();
  // Of i0 3 users, i1 2, i2 and i3 1; lists of 2: i1 i2, i2 i3, i3, i0 i1.
  assertEquals(catalogue, {
    users: 4,
    cutoff: 2,
    concentration: [
      { items: 0, interactions: 0, recommendations: 0 },
      { items: 1 / 4, interactions: 3 / 7, recommendations: 1 / 7 },
      { items: 2 / 4, interactions: 5 / 7, recommendations: 3 / 7 },
      { items: 3 / 4, interactions: 6 / 7, recommendations: 5 / 7 },
      { items: 1, interactions: 1, recommendations: 1 },
    ],
    coverage: [{ length: 1, items: 1 }, { length: 2, items: 1 }],
  });
});

Deno.test("buildReport() chooses users of different activity, with titles and the latest first", async () => {
  const { samples, data } = await reportOf({
    times: Float64Array.of(...[1, 2, 3, 4, 5, 6, 7].map((n) => n * 1000)),
    fields: [
      { name: "pages", type: "number", values: [1, 2, 3, null] },
      { name: "blurb", type: "text", values: ["w", "x", "y", "z"] },
      { name: "title", type: "text", values: ["A", "B", "C", null] },
    ],
  });
  assertEquals(samples.map(({ user_id, items }) => [user_id, items]), [
    ["u0", 1],
    ["u3", 1],
    ["u1", 2],
    ["u2", 3],
  ]);
  const last = samples.at(-1)!;
  assertEquals(last.has.map(({ title }) => title), ["C", "B", "A"]);
  assertEquals(last.recommended, [
    { item_id: "i3", title: null, users: 1, score: 1 },
  ]);
  assertEquals(data.period, ["1970-01-01T00:00:01Z", "1970-01-01T00:00:07Z"]);
  assertEquals(data.item_fields, [
    { field: "pages", missing: 1 },
    { field: "blurb", missing: 0 },
    { field: "title", missing: 1 },
  ]);
});

for (
  const [what, names, chosen] of [
    ["one called so in part", ["kind", "product_name"], "product_name"],
    ["the first of text where none is called so", ["kind", "colour"], "kind"],
  ] as const
) {
  Deno.test(`buildReport() takes for a title ${what}`, async () => {
    const { samples } = await reportOf({
      fields: names.map((name) => ({
        name,
        type: "text",
        values: Array(4).fill(name),
      })),
    });
    assertEquals(samples[0]?.has[0]?.title, chosen);
  });
}

Deno.test("buildReport() has no titles where no field holds text", async () => {
  const { samples } = await reportOf({
    fields: [{ name: "title", type: "number", values: [1, 2, 3, 4] }],
  });
  assertEquals(samples[0]?.has[0]?.title, null);
});

Deno.test("buildReport() looks at 10,000 users of more, and says so", async () => {
  const rows = Array.from(
    { length: 10_050 },
    (_, n) => n % 2 === 0 ? [1, null] : [null, 1],
  );
  const { catalogue, data } = await reportOf({ matrix: fromDense(rows) });
  assertEquals([catalogue.users, data.users], [10_000, 10_050]);
});

Deno.test("buildReport() counts the trials of each algorithm by state, best algorithm first", async () => {
  const { search, result } = await reportOf({
    trials: [
      ofAlgorithm("TopPop", 0, { evaluation: scored(0.1) }),
      ofAlgorithm("IALS", 1, {
        evaluation: scored(0.2),
        state: "pruned",
        seconds: 1,
        peakBytes: 5,
        epochs: 3,
      }),
      ofAlgorithm("IALS", 2, {
        evaluation: null,
        state: "failed",
        seconds: 2,
        peakBytes: 7,
        error: "no",
      }),
      ofAlgorithm("IALS", 3, { evaluation: scored(0.4), seconds: 3 }),
    ].map((trial) => {
      const { peakBytes: _, ...others } = trial;
      return trial.number === 3 ? others : trial;
    }),
  });
  const { space, ...first } = search.algorithms[0]!;
  assertEquals(first, {
    algorithm: "IALS",
    trials: 3,
    complete: 1,
    pruned: 1,
    failed: 1,
    scores: { min: 0.2, median: 0.30000000000000004, max: 0.4 },
    interval: scored(0.4).interval,
    seconds: 6,
    peak_bytes: 7,
  });
  assertEquals(space.train_epochs, { type: "int", low: 1, high: 16 });
  assertEquals(search.algorithms[1]?.algorithm, "TopPop");
  assertEquals(
    search.trials.map(({ score, peak_bytes, error }) => [
      score,
      peak_bytes !== null,
      error,
    ]),
    [[0.1, true, null], [0.2, true, null], [null, true, "no"], [
      0.4,
      false,
      null,
    ]],
  );
  assertEquals(search.trials[1]?.params.train_epochs, 3);
  assertEquals(result.score, 0.4);
  assertEquals(result.test, null);
});

Deno.test("buildReport() tells what was measured of the model and of the baseline, on the test share too", async () => {
  const { result } = await reportOf({
    header: {
      best_score: 0.2,
      best_score_interval: [0.1, 0.3],
      metrics: metrics(0.2, 0.05),
      test_score: 0.18,
      test_score_interval: [0.15, 0.25],
      test_metrics: metrics(0.18, 0.04),
    },
  });
  const { test, ...own } = result;
  assertEquals([own.score, own.interval, own.popularity_score], [
    0.2,
    [0.1, 0.3],
    0.05,
  ]);
  assertEquals([own.metrics.ndcg, own.metrics.popularity_score], [
    0.2,
    undefined,
  ]);
  assertEquals([test?.score, test?.interval, test?.popularity_score], [
    0.18,
    [0.15, 0.25],
    0.04,
  ]);
  assertEquals(test?.metrics.ndcg, 0.18);
});

Deno.test("buildReport() blanks what looks like a secret in the recipe, and fills no variable in", async () => {
  const { recipe } = await reportOf({
    recipeText: [
      "storage_path: postgresql://me:hunter2@db/studies",
      "path: https://host/file.csv?signature=abc",
      `key: ${"Ab1_".repeat(12)}`,
      "path: ${RECOTEM_RECIPE_PATH}",
    ].join("\n"),
  });
  assertEquals(recipe.text?.split("\n"), [
    "storage_path: postgresql://***@db/studies",
    "path: https://host/file.csv?[REDACTED]",
    "key: [REDACTED-B64URL43]",
    "path: ${RECOTEM_RECIPE_PATH}",
  ]);
});

Deno.test("buildReport() shortens long ids, titles and errors between characters", async () => {
  const { samples, search } = await reportOf({
    itemIds: ["a".repeat(1e5), "b", "c", "d"],
    fields: [{
      name: "title",
      type: "text",
      values: Array(4).fill("🫖".repeat(500)),
    }],
    trials: [
      ofAlgorithm("TopPop", 0),
      ofAlgorithm("IALS", 1, { evaluation: null, error: "e".repeat(1e6) }),
    ],
  });
  const item = samples[0]!.has[0]!;
  assertEquals(item.item_id, `${"a".repeat(119)}…`);
  assertEquals(item.title, `${"🫖".repeat(119)}…`);
  assert(search.trials[1]!.error!.length <= 200);
});

Deno.test("buildReport() stops when it is told to", async () => {
  const reason = new Error("enough");
  await assertRejects(
    () => reportOf({ signal: AbortSignal.abort(reason) }),
    Error,
    "enough",
  );
});
