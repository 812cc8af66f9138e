import { assert, assertEquals } from "@std/assert";
import { API_KEY, Client } from "./client.ts";

/** What a client's requests left in the log. */
function logOf(client: Client): unknown[] {
  return client.recorded.filter(({ event }) => event === "request_answered")
    .map(({ fields }) => {
      const { request_id, seconds, ...rest } = fields!;
      assert(typeof request_id === "string" && request_id !== "");
      assert(typeof seconds === "number" && seconds >= 0);
      return rest;
    });
}

Deno.test("accessLog() tells of each request: method, route, recipe that there is, status", async () => {
  const client = new Client({ accessLog: true, keys: { one: API_KEY } });
  const headers = { "x-api-key": API_KEY };
  await client.predict({ user_id: "ann" }, { headers });
  await client.verb("shop:recommend", { user_id: "ann" }, headers);
  await client.verb("ann:recommend", { user_id: "ann" }, headers);
  await client.predict({ user_id: "ann" });
  await client.send("/health");
  await client.send("/users/ann");
  const post = { method: "POST" };
  assertEquals(logOf(client), [
    { ...post, route: "/predict/:name", recipe: "shop", status: 200 },
    { ...post, route: "/v1/recipes/:call", recipe: "shop", status: 200 },
    { ...post, route: "/v1/recipes/:call", status: 404 },
    { ...post, route: "/predict/:name", recipe: "shop", status: 401 },
    { method: "GET", route: "/health", status: 200 },
    { method: "GET", route: "/*", status: 404 },
  ]);
});

Deno.test("accessLog() tells of a request that failed inside, and is off unless asked for", async () => {
  const client = new Client({ accessLog: true });
  client.registry.get("shop")!.model!.recommender.recommend = () => {
    throw new TypeError("secret");
  };
  await client.predict({ user_id: "ann" });
  const [told] = logOf(client);
  assertEquals((told as { status: number }).status, 500);
  const silent = new Client();
  await silent.send("/health");
  assertEquals(logOf(silent), []);
});
