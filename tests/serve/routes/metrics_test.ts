import { assert, assertEquals, assertMatch } from "@std/assert";
import { countEvents } from "../../../serve/metrics/count_events.ts";
import { Metrics } from "../../../serve/metrics/metrics.ts";
import { Registry } from "../../../serve/registry.ts";
import { SILENT } from "../../../core/config/events.ts";
import { API_KEY, Client, entry } from "../client.ts";
import { grocerEntry } from "../grocer.ts";

/** Samples of a text of metrics: name and labels → value. */
function samples(text: string): Map<string, number> {
  return new Map(
    text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
      .map((line): [string, number] => {
        const blank = line.lastIndexOf(" ");
        return [line.slice(0, blank), Number(line.slice(blank + 1))];
      }),
  );
}

async function scrape(client: Client): Promise<Map<string, number>> {
  return samples(await (await client.send("/metrics")).text());
}

Deno.test("GET /metrics is open, GET /v1/metrics needs a key, and without metrics there is neither", async () => {
  const client = new Client({ keys: { one: API_KEY }, counted: { time: 0 } });
  const open = await client.send("/metrics");
  assertEquals(open.status, 200);
  assertMatch(
    open.headers.get("content-type")!,
    /^text\/plain; version=0\.0\.4/,
  );
  assert(open.headers.get("x-request-id"));
  const text = await open.text();
  const refused = await client.send("/v1/metrics");
  assertEquals(refused.status, 401);
  assertEquals((await refused.json()).code, "MISSING_API_KEY");
  const headers = { "x-api-key": API_KEY };
  assertEquals(
    await (await client.send("/v1/metrics", { headers })).text(),
    text,
  );
  for (const path of ["/metrics", "/v1/metrics"]) {
    const none = await new Client().send(path);
    assertEquals(none.status, 404);
    await none.body?.cancel();
  }
});

Deno.test("GET /metrics counts verbs by recipe, verb and status, with their latency", async () => {
  const clock = { time: 0 };
  const client = new Client({
    entries: [grocerEntry(), entry({ name: "empty", model: null })],
    counted: clock,
  });
  const asked: [string, unknown, string, string, string][] = [
    ["shop:recommend", { user_id: "ann" }, "shop", "recommend", "ok"],
    ["shop:recommend", { user_id: "x" }, "shop", "recommend", "unknown_user"],
    ["shop:recommend", {}, "shop", "recommend", "validation_error"],
    [
      "shop:recommend-related",
      { seed_items: ["x"] },
      "shop",
      "recommend-related",
      "unknown_seed_items",
    ],
    [
      "shop:recommend-related",
      { seed_items: ["apple"], offset: 9 },
      "shop",
      "recommend-related",
      "no_candidates",
    ],
    [
      "shop:batch-recommend",
      { requests: [{ user_id: "x" }, {}] },
      "shop",
      "batch-recommend",
      "ok",
    ],
    [
      "empty:recommend",
      { user_id: "ann" },
      "empty",
      "recommend",
      "unavailable",
    ],
    [
      "nobody1:recommend",
      { user_id: "ann" },
      "unknown",
      "recommend",
      "recipe_not_found",
    ],
    ["nobody2:recommend", {}, "unknown", "recommend", "validation_error"],
  ];
  for (const [call, body] of asked) {
    await (await client.verb(call, body)).body?.cancel();
  }
  const found = await scrape(client);
  for (const [, , recipe, verb, status] of asked) {
    const name =
      `recotem_v1_requests_total{recipe="${recipe}",verb="${verb}",status="${status}"}`;
    assertEquals(found.get(name), 1, name);
  }
  const [recipe, verb] = ['recipe="shop"', 'verb="batch-recommend"'];
  assertEquals(
    found.get(`recotem_v1_request_latency_seconds_count{${recipe},${verb}}`),
    1,
  );
  assertEquals(found.get(`recotem_v1_batch_size_sum{${recipe},${verb}}`), 2);
  for (const code of ["UNKNOWN_USER", "VALIDATION_ERROR"]) {
    const labels = `${recipe},${verb},code="${code}"`;
    const name = `recotem_v1_batch_element_errors_total{${labels}}`;
    assertEquals(found.get(name), 1, name);
  }
  assert(![...found.keys()].some((name) => name.includes("nobody")));
});

Deno.test("GET /metrics counts predictions, items without fields, and what is loaded", async () => {
  const clock = { time: 1000 };
  const client = new Client({
    entries: [grocerEntry(), entry({ name: "empty", model: null })],
    counted: clock,
  });
  const { model } = client.registry.get("shop")!;
  const row = model!.fields!.row.bind(model!.fields);
  model!.fields!.row = (item) => {
    clock.time += 20;
    if (item === 2) throw new RangeError("secret");
    return row(item);
  };
  const body = { user_id: "ann" };
  await (await client.verb("shop:recommend", body)).body?.cancel();
  for (
    const [name, sent] of [
      ["shop", body],
      ["shop", { user_id: "x" }],
      ["shop", {}],
      ["empty", body],
      ["nobody", body],
    ] as const
  ) await (await client.predict(sent, { name })).body?.cancel();
  const found = await scrape(client);
  const wanted = {
    'recotem_predict_total{recipe="shop",status="ok"}': 1,
    'recotem_predict_total{recipe="shop",status="user_not_found"}': 1,
    'recotem_predict_total{recipe="shop",status="error"}': 1,
    'recotem_predict_total{recipe="empty",status="unavailable"}': 1,
    'recotem_predict_total{recipe="unknown",status="unavailable"}': 1,
    'recotem_metadata_lookup_errors_total{recipe="shop"}': 1,
    // The fields of cheese twice, those of dates and eggs once.
    'recotem_v1_request_latency_seconds_sum{recipe="shop",verb="recommend"}':
      0.06,
    'recotem_predict_latency_seconds_sum{recipe="shop"}': 0.02,
    'recotem_v1_metadata_degraded_items_total{recipe="shop",verb="recommend",kind="fallback"}':
      1,
    'recotem_metadata_serialization_errors_total{recipe="shop",verb="recommend"}':
      1,
    'recotem_model_loaded{recipe="shop"}': 1,
    'recotem_model_loaded{recipe="empty"}': 0,
    'recotem_model_age_seconds{recipe="shop"}': 2 * 86_400,
    "recotem_active_recipes": 1,
  };
  for (const [name, value] of Object.entries(wanted)) {
    assertEquals(found.get(name), value, name);
  }
  client.registry.delete("empty");
  assertEquals(
    (await scrape(client)).has('recotem_model_loaded{recipe="empty"}'),
    false,
  );
});

Deno.test("GET /metrics knows a request that failed inside as an error", async () => {
  const client = new Client({ counted: { time: 0 } });
  const { model } = client.registry.get("shop")!;
  model!.recommender.recommend = () => {
    throw new TypeError("secret");
  };
  const body = { user_id: "ann" };
  await (await client.verb("shop:recommend", body)).body?.cancel();
  await (await client.predict(body)).body?.cancel();
  const found = await scrape(client);
  const labels = 'recipe="shop",verb="recommend",status="error"';
  assertEquals(found.get(`recotem_v1_requests_total{${labels}}`), 1);
  assertEquals(
    found.get('recotem_predict_total{recipe="shop",status="error"}'),
    1,
  );
});

Deno.test("countEvents() counts what the watcher tells, and passes it on", async () => {
  const metrics = new Metrics(new Registry(), () => 0);
  const told: string[] = [];
  const events = countEvents({
    ...SILENT,
    info: (event) => told.push(event),
    warn: (event) => told.push(event),
    error: (event) => told.push(event),
  }, metrics);
  const name = "shop";
  events.info("artifact_hot_swapped", { name });
  events.error("artifact_load_failed", { name, reason: "hmac", serving: true });
  events.error("artifact_load_failed", {
    name,
    reason: "read",
    serving: false,
  });
  events.warn("artifact_stat_failed", { name });
  events.warn("artifact_stat_timeout", { name });
  events.warn("recipe_rescan_load_error", { name });
  events.error("recipes_dir_scan_error", { error_class: "NotFound" });
  events.info("serve_listening");
  assertEquals(told.length, 8);
  const found = samples(await metrics.text());
  const shop = 'recipe="shop"';
  for (
    const [sample, value] of [
      [`recotem_swap_total{${shop},result="ok"}`, 1],
      [`recotem_swap_total{${shop},result="error"}`, 1],
      [`recotem_artifact_load_failures_total{${shop},reason="hmac"}`, 1],
      [`recotem_artifact_load_failures_total{${shop},reason="read"}`, 1],
      [`recotem_artifact_stat_failures_total{${shop}}`, 2],
      [`recotem_recipe_rescan_errors_total{${shop}}`, 1],
      ["recotem_watcher_unhandled_errors_total", 1],
      ['recotem_recipes_dir_scan_failures_total{error_class="NotFound"}', 1],
    ] as const
  ) assertEquals(found.get(sample), value, sample);
});

/** Every metric of the original, in both generations. */
const NAMES =
  `predict_total predict_latency_seconds metadata_lookup_errors_total v1_requests_total
v1_request_latency_seconds v1_batch_size v1_batch_element_errors_total v1_metadata_degraded_items_total
v1_validation_errors_outside_verb_total metadata_index_build_errors_total metadata_serialization_errors_total
recommender_layout_unexpected_total watcher_state_divergence_total model_loaded active_recipes
artifact_load_failures_total swap_total artifact_stat_failures_total watcher_unhandled_errors_total
recipe_rescan_errors_total bigquery_storage_fallback_total recipes_dir_scan_failures_total`
    .split(/\s+/);

const OWN = ["model_age_seconds"];

Deno.test("Metrics and countEvents() declare every metric of the original", async () => {
  const metrics = new Metrics(new Registry(), () => 0);
  countEvents(SILENT, metrics);
  const text = await metrics.text();
  const declared = [...text.matchAll(/^# TYPE recotem_(\w+) /gm)]
    .map(([, name]) => name!)
    .filter((name) => !OWN.includes(name));
  assertEquals(declared.sort(), NAMES.sort());
});
