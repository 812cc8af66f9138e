import { assertEquals } from "@std/assert";
import { API_KEY, Client, entry } from "../client.ts";
import { HEADER } from "../../artifact/fixture.ts";
import { shopModel } from "../shop.ts";

const GOOD = { headers: { "x-api-key": API_KEY } };
const SUMMARY = {
  name: "shop",
  model_version: `sha256:${"0".repeat(64)}`,
  loaded_at: "2026-05-05T00:00:00Z",
  supported_verbs: [
    "recommend",
    "recommend-related",
    "batch-recommend",
    "batch-recommend-related",
  ],
  kind: "user-item",
};

function client(): Client {
  return new Client({
    entries: [entry(), entry({ name: "empty", model: null, error: "gone" })],
    keys: { one: API_KEY },
    counted: { time: 0 },
  });
}

Deno.test("GET /v1/recipes lists the recipes that can answer", async () => {
  const response = await client().send("/v1/recipes", GOOD);
  assertEquals(response.status, 200);
  assertEquals(await response.json(), { recipes: [SUMMARY] });
});

Deno.test("GET /v1/recipes/{name} tells what training said of the model", async () => {
  const response = await client().send("/v1/recipes/shop", GOOD);
  assertEquals(response.status, 200);
  assertEquals(await response.json(), {
    ...SUMMARY,
    config_digest: HEADER.recipe_hash,
    algorithms: HEADER.tuning.tried_algorithms,
    best_algorithm: "TopPop",
    trained_at: "2026-05-04T03:02:01Z",
    best_class: "TopPopRecommender",
    best_params: HEADER.best_params,
    best_score: HEADER.best_score,
    metric: HEADER.metric,
    cutoff: HEADER.cutoff,
    tuning: HEADER.tuning,
    data_stats: HEADER.data_stats,
    recotem_version: HEADER.recotem_version,
    irspack_version: null,
    engine: HEADER.engine,
    recipe_hash: HEADER.recipe_hash,
  });
  assertEquals(
    response.headers.get("x-recotem-model-version"),
    SUMMARY.model_version,
  );
});

Deno.test("GET /v1/recipes/{name} tells how the model was measured, where training says so", async () => {
  const metrics = {
    ndcg: 0.25,
    map: 0.1,
    recall: 0.3,
    hit: 0.5,
    users: 90,
    coverage: 0.4,
    novelty: 9,
    gini: 0.7,
    popularity_score: 0.05,
  };
  const measured = {
    best_score_interval: [0.2, 0.3] as const,
    metrics,
    test_score: 0.24,
    test_score_interval: [0.19, 0.29] as const,
    test_metrics: metrics,
    split: {
      scheme: "random",
      heldout_ratio: 0.1,
      test_user_ratio: 1,
      test_ratio: 0.1,
    },
  };
  const model = shopModel();
  Object.assign(model.header, measured);
  const response = await new Client({ entries: [entry({ model })] })
    .send("/v1/recipes/shop");
  const told = await response.json();
  for (const [name, value] of Object.entries(measured)) {
    assertEquals(told[name], value, name);
  }
});

Deno.test("GET /v1/recipes/{name} refuses what is not there, not loaded, or no name", async () => {
  const asked = client();
  for (
    const [name, status, code] of [
      ["other", 404, "RECIPE_NOT_FOUND"],
      ["empty", 503, "RECIPE_UNAVAILABLE"],
      ["a.b", 422, "VALIDATION_ERROR"],
      ["x".repeat(65), 422, "VALIDATION_ERROR"],
    ] as const
  ) {
    const response = await asked.send(`/v1/recipes/${name}`, GOOD);
    assertEquals([response.status, (await response.json()).code], [
      status,
      code,
    ]);
  }
  const text = await (await asked.send("/metrics")).text();
  assertEquals(
    /^recotem_v1_validation_errors_outside_verb_total (\d+)$/m.exec(text)?.[1],
    "2",
  );
});

Deno.test("GET /v1/recipes needs a key, and takes GET only", async () => {
  for (const path of ["/v1/recipes", "/v1/recipes/shop"]) {
    const refused = await client().send(path);
    assertEquals(refused.status, 401);
    assertEquals((await refused.json()).code, "MISSING_API_KEY");
    const posted = await client().send(path, { method: "POST", ...GOOD });
    assertEquals(posted.status, 405);
    assertEquals(posted.headers.get("allow"), "GET, HEAD");
    assertEquals(Object.keys(await posted.json()), ["detail"]);
    const head = await client().send(path, { method: "HEAD", ...GOOD });
    assertEquals([head.status, await head.text()], [200, ""]);
  }
});
