import { assert, assertEquals } from "@std/assert";
import { SILENT } from "../../core/config/events.ts";
import { readAdapters } from "../../serve/adapters.ts";
import { createApp } from "../../serve/app.ts";
import { Metrics } from "../../serve/metrics/metrics.ts";
import { Registry } from "../../serve/registry.ts";
import { API_KEY, Client, entry } from "./client.ts";
import { shopModel } from "./shop.ts";

const ORIGIN = "https://shop.example";
/** Text that no answer and no event may repeat. */
const INPUT = "Zq7input";

/** The CORS headers of an answer. */
function corsHeaders(response: Response): string[] {
  return [...response.headers.keys()].filter((name) =>
    name.startsWith("access-control-")
  );
}

Deno.test("createApp() sends no CORS headers unless origins are listed", async () => {
  const client = new Client();
  for (const method of ["GET", "OPTIONS"]) {
    const response = await client.send("/health", {
      method,
      headers: { origin: ORIGIN, "access-control-request-method": "GET" },
    });
    assertEquals(response.status, method === "GET" ? 200 : 405);
    assertEquals(corsHeaders(response), []);
  }
});

Deno.test("createApp() lets the listed origins call, without credentials, and no others", async () => {
  const client = new Client({
    allowedOrigins: [ORIGIN, "https://two.example"],
  });
  const health = (origin: string) =>
    client.send("/health", { headers: { origin } });
  const listed = await health(ORIGIN);
  assertEquals(listed.status, 200);
  assertEquals(listed.headers.get("access-control-allow-origin"), ORIGIN);
  assertEquals(listed.headers.get("vary"), "Origin");
  assertEquals(listed.headers.get("access-control-allow-credentials"), null);
  assertEquals(
    listed.headers.get("access-control-expose-headers"),
    "X-Request-ID,X-Recotem-Model-Version,X-Recotem-Items-Degraded",
  );
  for (
    const origin of [
      "https://evil.example",
      "http://shop.example",
      `${ORIGIN}.evil.example`,
      "null",
    ]
  ) {
    const other = await health(origin);
    assertEquals(other.headers.get("access-control-allow-origin"), null);
  }
});

Deno.test("createApp() answers preflights without a key, and refusals with CORS headers", async () => {
  const client = new Client({
    allowedOrigins: [ORIGIN],
    keys: { one: API_KEY },
  });
  const preflight = await client.send("/predict/shop", {
    method: "OPTIONS",
    headers: {
      origin: ORIGIN,
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-api-key,content-type",
    },
  });
  assertEquals(preflight.status, 204);
  assertEquals(
    preflight.headers.get("access-control-allow-methods"),
    "GET,POST,OPTIONS",
  );
  assertEquals(
    preflight.headers.get("access-control-allow-headers"),
    "x-api-key,content-type",
  );
  const refused = await client.predict({}, { headers: { origin: ORIGIN } });
  assertEquals(refused.status, 401);
  assertEquals(refused.headers.get("access-control-allow-origin"), ORIGIN);
});

Deno.test("createApp() answers 404 to paths that it does not have", async () => {
  for (
    const path of [
      "/",
      "/docs",
      "/redoc",
      "/openapi.json",
      "/metrics",
      "/Health",
      "/health/",
      "//health",
      "/predict",
      "/predict/",
      "/predict/shop/",
    ]
  ) {
    const client = new Client({ keys: { one: API_KEY } });
    const response = await client.send(path);
    assertEquals(response.status, 404, path);
    assertEquals((await response.json()).code, "not_found");
  }
});

Deno.test("createApp() answers unknown paths under /v1 with a detail only, and refused hosts with a code in capitals", async () => {
  const client = new Client({ keys: { one: API_KEY } });
  for (
    const path of [
      "/v1/",
      "/v1/x",
      "/v1/metrics",
      "/v1/recipes/",
      "/v1/recipes/shop/x",
    ]
  ) {
    const response = await client.send(path);
    assertEquals(response.status, 404, path);
    assertEquals(await response.json(), {
      detail: "There is nothing at this path",
    });
    assert(response.headers.get("x-request-id"));
  }
  const response = await client.send("/v1/health", {
    headers: { host: "evil.example" },
  });
  assertEquals([response.status, await response.json()], [400, {
    detail: "Host is not allowed",
    code: "INVALID_HOST",
  }]);
});

Deno.test("createApp() is routed by one regular expression, with all routes", () => {
  const registry = new Registry();
  const app = createApp({
    registry,
    authentication: { keys: null, anonymousMode: "loopback_no_keys" },
    allowedHosts: ["localhost"],
    allowedOrigins: [ORIGIN],
    events: SILENT,
    metrics: new Metrics(registry, () => 0),
    adapters: readAdapters(
      ["kserve", "sagemaker", "vertex"],
      new Map([["AIP_HEALTH_ROUTE", "/health"], [
        "AIP_PREDICT_ROUTE",
        "/predict",
      ]]),
    ),
    accessLog: true,
    docs: true,
    playground: true,
  });
  app.fetch(new Request("http://localhost/health"));
  assertEquals(app.router.name, "SmartRouter + RegExpRouter");
});

Deno.test("createApp() repeats nothing of a request in refusals or events", async () => {
  const client = new Client({ keys: { one: API_KEY }, entries: [] });
  const shop = new Client({ entries: [entry()] });
  const body = JSON.stringify({ user_id: INPUT, cutoff: INPUT });
  const answers: string[] = [];
  async function send(to: Client, path: string, init: RequestInit) {
    const response = await to.send(path, init);
    assert(response.status >= 400, `${path} ${response.status}`);
    answers.push(await response.text(), JSON.stringify([...response.headers]));
  }
  const good = { "x-api-key": API_KEY };
  await send(client, `/${INPUT}`, {});
  await send(client, "/models", { headers: { "x-api-key": INPUT } });
  await send(client, "/health", { headers: { host: INPUT } });
  await send(client, `/predict/${INPUT}`, { method: "PUT", body });
  await send(client, `/predict/${INPUT}`, { method: "POST", body });
  await send(client, `/predict/${INPUT}`, {
    method: "POST",
    body: '{"user_id":"x"}',
    headers: good,
  });
  await send(shop, `/predict/${INPUT}.`, { method: "POST", body });
  await send(shop, "/predict/shop", { method: "POST", body });
  await send(shop, "/predict/shop", { method: "POST", body: INPUT });
  await send(shop, "/predict/shop", {
    method: "POST",
    body: `{"user_id":"${INPUT}","${INPUT}":1}`,
    headers: { "x-request-id": `${INPUT}!`, "user-agent": INPUT },
  });
  const told = JSON.stringify([...client.recorded, ...shop.recorded]);
  assert(client.recorded.length > 0 && shop.recorded.length > 0);
  assertEquals(answers.filter((answer) => answer.includes(INPUT)), []);
  assert(!told.includes(INPUT), told);
});

Deno.test("createApp() never answers fields that are denied, in any case", async () => {
  const fields = ["title", "Cost", "supplier"].map((name) => ({
    name,
    type: "text" as const,
    values: ["v"],
  }));
  const options = { scores: { tea: 1 }, fields };
  const model = shopModel(options, { deniedFields: ["cost", "supplier"] });
  const client = new Client({ entries: [entry({ model })] });
  const { items } = await (await client.predict({ user_id: "ann" })).json();
  assertEquals(items, [{ item_id: "tea", score: 1, title: "v" }]);
});
