import { assertEquals } from "@std/assert";
import { Registry } from "../../../serve/registry.ts";
import { API_KEY, Client, entry } from "../client.ts";

const SOUND = entry();
const STALE = entry({ name: "stale", error: "artifact missing or unreadable" });
const UNLOADED = entry({ name: "unloaded", model: null });
const BROKEN = entry({
  name: "broken",
  model: null,
  error: "YAML parse failed: recipes/broken.yaml:1:1: Key nam is unknown",
});
const FACTS = {
  trained_at: "2026-05-04T03:02:01Z",
  best_class: "TopPopRecommender",
  kid: "test",
};

Deno.test("GET /health is ok while every recipe has a model and no error, and when there are none", async () => {
  for (const [entries, total] of [[[SOUND], 1], [[], 0]] as const) {
    const response = await new Client({ entries }).send("/health");
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("content-type"), "application/json");
    assertEquals(await response.json(), {
      status: "ok",
      total,
      loaded: total,
    });
  }
});

Deno.test("GET /health is 503 as soon as one recipe has no model or an error, and counts the others", async () => {
  for (const bad of [STALE, UNLOADED, BROKEN]) {
    const client = new Client({ entries: [SOUND, bad] });
    const response = await client.send("/health");
    assertEquals(response.status, 503);
    assertEquals(await response.json(), {
      status: "degraded",
      total: 2,
      loaded: 1,
    });
  }
});

Deno.test("GET /health/details says of each recipe what serves and what is wrong, and leaves out what there is not", async () => {
  const client = new Client({ entries: [SOUND, STALE, UNLOADED, BROKEN] });
  const response = await client.send("/health/details");
  assertEquals(response.status, 503);
  assertEquals(await response.json(), {
    status: "degraded",
    recipes: {
      broken: { loaded: false, error: BROKEN.error },
      shop: { loaded: true, ...FACTS },
      stale: { loaded: true, ...FACTS, error: STALE.error },
      unloaded: { loaded: false },
    },
  });
  const sound = await new Client().send("/health/details");
  assertEquals(sound.status, 200);
  assertEquals(await sound.json(), {
    status: "ok",
    recipes: { shop: { loaded: true, ...FACTS } },
  });
});

Deno.test("GET /health is degraded for all recipes while the watcher is unhealthy", async () => {
  const registry = new Registry();
  registry.watcherUnhealthy = true;
  const client = new Client({ registry, entries: [] });
  registry.set(SOUND);
  registry.set(STALE);
  const response = await client.send("/health");
  assertEquals(response.status, 503);
  assertEquals((await response.json()).loaded, 0);
  const details = await (await client.send("/health/details")).json();
  assertEquals(details.recipes.shop.error, "watcher unhealthy");
  assertEquals(details.recipes.stale.error, STALE.error);
});

Deno.test("GET /health needs no key, /health/details does", async () => {
  const client = new Client({ keys: { one: API_KEY } });
  assertEquals((await client.send("/health")).status, 200);
  assertEquals((await client.send("/health/details")).status, 401);
  const headers = { "X-API-Key": API_KEY };
  assertEquals((await client.send("/health/details", { headers })).status, 200);
});

Deno.test("/health and /health/details take HEAD, and answer 405 to what does not read", async () => {
  const client = new Client();
  for (const path of ["/health", "/health/details"]) {
    const head = await client.send(path, { method: "HEAD" });
    assertEquals([head.status, await head.text()], [200, ""]);
    const post = await client.send(path, { method: "POST" });
    assertEquals([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
    assertEquals((await post.json()).code, "method_not_allowed");
  }
});

Deno.test("GET /v1/health is 503 only when a recipe has no model, its details as those of /health", async () => {
  for (
    const [entries, status, loaded] of [
      [[SOUND], 200, 1],
      [[], 200, 0],
      [[SOUND, STALE], 200, 2],
      [[SOUND, UNLOADED], 503, 1],
      [[SOUND, BROKEN], 503, 1],
    ] as const
  ) {
    const client = new Client({ entries });
    const response = await client.send("/v1/health");
    assertEquals([response.status, await response.json()], [status, {
      status: status === 200 ? "ok" : "degraded",
      total: entries.length,
      loaded,
    }]);
    const details = await client.send("/v1/health/details");
    const seed = await client.send("/health/details");
    assertEquals(
      [details.status, await details.json()],
      [seed.status, await seed.json()],
    );
  }
});

Deno.test("GET /v1/health needs no key, /v1/health/details does, and both take GET only", async () => {
  const client = new Client({ keys: { one: API_KEY } });
  const open = await client.send("/v1/health");
  assertEquals([open.status, (await open.json()).status], [200, "ok"]);
  const refused = await client.send("/v1/health/details");
  assertEquals(refused.status, 401);
  assertEquals((await refused.json()).code, "MISSING_API_KEY");
  for (const path of ["/v1/health", "/v1/health/details"]) {
    const post = await client.send(path, { method: "POST" });
    assertEquals([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
    assertEquals(Object.keys(await post.json()), ["detail"]);
  }
});

Deno.test("GET /health is 503 while a model is too old, and /v1/health is not", async () => {
  const client = new Client({ maxAgeSeconds: 86_400 });
  const answers = await Promise.all(
    ["/health", "/v1/health"].map(async (path) => {
      const response = await client.send(path);
      return [response.status, (await response.json()).loaded];
    }),
  );
  assertEquals(answers, [[503, 0], [200, 1]]);
  const details = await (await client.send("/health/details")).json();
  assertEquals(details.recipes.shop.error, "model too old");
});
