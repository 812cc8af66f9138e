import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { Client } from "./client.ts";

const UUID =
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TWELVE = /^[0-9a-f]{12}$/;

/** The id of the answer to a request that brings `given`. */
async function idOf(path: string, given?: string): Promise<string> {
  const response = await new Client().send(path, {
    method: path.startsWith("/predict") ? "POST" : "GET",
    headers: given === undefined ? {} : { "X-Request-ID": given },
  });
  await response.body?.cancel();
  return response.headers.get("x-request-id")!;
}

Deno.test("requestId() gives back an id of harmless characters: 64 for /predict, 128 elsewhere", async () => {
  for (const id of ["a", "Az09_-", "x".repeat(64)]) {
    assertEquals(await idOf("/predict/shop", id), id);
    assertEquals(await idOf("/health", id), id);
  }
  assertEquals(await idOf("/health", "x".repeat(128)), "x".repeat(128));
  assertMatch(await idOf("/predict/shop", "x".repeat(65)), UUID);
  assertMatch(await idOf("/health", "x".repeat(129)), TWELVE);
});

Deno.test("requestId() makes an id where there is none, or one with other characters", async () => {
  for (
    const id of [
      undefined,
      "",
      "a b",
      "a.b",
      'a"b',
      "a,b",
      "é",
      "${jndi:x}",
      "<b>",
    ]
  ) {
    assertMatch(await idOf("/predict/shop", id), UUID);
    assertMatch(await idOf("/health", id), TWELVE);
  }
  assertNotEquals(await idOf("/health"), await idOf("/health"));
  assertNotEquals(await idOf("/predict/shop"), await idOf("/predict/shop"));
});

Deno.test("requestId() is on every answer, and in the body of every refusal", async () => {
  const client = new Client({
    keys: {},
    allowedOrigins: ["https://shop.example"],
  });
  const post = (body: string): RequestInit => ({ method: "POST", body });
  const requests: [path: string, init: RequestInit, status: number][] = [
    ["/health", {}, 200],
    ["/health", { method: "HEAD" }, 200],
    ["/health", { headers: { host: "evil.example" } }, 400],
    ["/health/details", {}, 401],
    ["/models", {}, 401],
    ["/predict/shop", post("{}"), 401],
    ["/none", {}, 404],
    ["/", {}, 404],
    ["/predict/", post("{}"), 404],
    ["/predict/shop/more", post("{}"), 404],
    ["/predict/shop", {}, 405],
    ["/models", { method: "PUT" }, 405],
    ["/predict/shop", {
      method: "OPTIONS",
      headers: { origin: "https://shop.example" },
    }, 204],
  ];
  for (const [path, init, status] of requests) {
    const headers = { ...init.headers, "X-Request-ID": "mine-1" };
    const response = await client.send(path, { ...init, headers });
    assertEquals(response.status, status, path);
    assertEquals(response.headers.get("x-request-id"), "mine-1", path);
    const text = await response.text();
    if (status >= 400) assertEquals(JSON.parse(text).request_id, "mine-1");
  }
});
