import { assert, assertEquals, assertMatch } from "@std/assert";
import { API_KEY, Client, entry } from "../client.ts";
import { grocerEntry } from "../grocer.ts";
import { shopModel } from "../shop.ts";

const QUESTIONS = ["users", "items", "history"].map((name) =>
  `/playground/api/${name}`
);

/** Asks the playground of the grocer. */
function grocer(): Client {
  return new Client({ entries: [grocerEntry()], playground: true });
}

async function question(
  client: Client,
  path: string,
  body: unknown,
  headers: HeadersInit = {},
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await client.send(`/playground/api/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers,
  });
  return { status: response.status, answer: await response.json() };
}

Deno.test("the playground is not there unless it is asked for", async () => {
  const paths = [
    "/",
    "/playground/page.js",
    "/playground/api/recipes",
    ...QUESTIONS,
  ];
  for (const path of paths) {
    for (const method of ["GET", "POST"]) {
      const response = await new Client({ docs: true }).send(path, { method });
      assertEquals(response.status, 404, path);
      await response.body?.cancel();
    }
  }
});

Deno.test("GET / answers everyone with a page that may load nothing from elsewhere", async () => {
  const client = new Client({ playground: true, keys: { one: API_KEY } });
  const response = await client.send("/");
  assertEquals(response.status, 200);
  assertMatch(response.headers.get("content-type")!, /^text\/html/);
  assert(response.headers.get("x-request-id"));
  const policy = response.headers.get("content-security-policy")!;
  assertMatch(policy, /^default-src 'none'; script-src 'self'; /);
  assertMatch(policy, /frame-ancestors 'none'/);
  assert(!/unsafe|https?:|\*/.test(policy), policy);
  const page = await response.text();
  assert(!/<script(?! type="module" src=)|<style|style=| on\w+=/.test(page));
  assert(!/(?:src|href)="(?:https?:)?\/\//.test(page));
});

Deno.test("GET / tells the page whether there are keys and a page of the API, and nothing of the models", async () => {
  async function facts(keys: boolean, docs: boolean): Promise<string> {
    const client = new Client({
      playground: true,
      docs,
      ...(keys && { keys: { one: API_KEY } }),
    });
    const page = await (await client.send("/")).text();
    assert(!page.includes("shop") && !page.includes("bread"));
    return /data-keyed="(\w+)" data-docs="(\w+)"/.exec(page)!.slice(1).join();
  }
  assertEquals(await facts(true, false), "true,false");
  assertEquals(await facts(false, true), "false,true");
});

Deno.test("the questions of the playground need a key where there are keys", async () => {
  const client = new Client({ playground: true, keys: { one: API_KEY } });
  for (const path of ["/playground/api/recipes", ...QUESTIONS]) {
    const method = path.endsWith("recipes") ? "GET" : "POST";
    const init = { method, ...(method === "POST" && { body: "{}" }) };
    const refused = await client.send(path, init);
    assertEquals(
      [refused.status, (await refused.json()).code],
      [401, "missing_api_key"],
    );
    const passed = await client.send(path, {
      ...init,
      headers: { "x-api-key": API_KEY },
    });
    assertEquals(passed.status, method === "GET" ? 200 : 422);
    await passed.body?.cancel();
  }
});

Deno.test("GET /playground/api/recipes tells the sizes of what is loaded, and why another is not", async () => {
  const client = new Client({
    playground: true,
    entries: [
      grocerEntry(),
      entry({ name: "empty", model: null, error: "artifact missing" }),
      entry({ name: "bare", model: shopModel() }),
    ],
  });
  const { recipes } = await (await client.send("/playground/api/recipes"))
    .json();
  assertEquals(recipes, [
    { name: "bare", error: null, users: 3, items: 4, title_field: null },
    { name: "empty", error: "artifact missing" },
    { name: "shop", error: null, users: 3, items: 5, title_field: "kind" },
  ]);
});

Deno.test("POST /playground/api/users finds users by how their ids start, with how much they have", async () => {
  const client = grocer();
  assertEquals((await question(client, "users", { recipe: "shop" })).answer, {
    total: 3,
    users: [
      { user_id: "ann", items: 2 },
      { user_id: "bob", items: 1 },
      { user_id: "cat", items: 2 },
    ],
  });
  const some = { recipe: "shop", search: "b" };
  assertEquals((await question(client, "users", some)).answer, {
    total: 1,
    users: [{ user_id: "bob", items: 1 }],
  });
  const second = { recipe: "shop", offset: 1, limit: 1 };
  assertEquals((await question(client, "users", second)).answer, {
    total: 3,
    users: [{ user_id: "bob", items: 1 }],
  });
  for (const search of ["zoe", "\ud800", "anna"]) {
    const none = { recipe: "shop", search };
    assertEquals((await question(client, "users", none)).answer, {
      total: 0,
      users: [],
    });
  }
  const beyond = { recipe: "shop", offset: 3 };
  assertEquals((await question(client, "users", beyond)).answer.users, []);
});

async function foundItems(search: string, limit = 10): Promise<unknown[]> {
  const body = { recipe: "shop", search, limit };
  const { answer } = await question(grocer(), "items", body);
  return (answer.items as { item_id: string }[]).map(({ item_id }) => item_id);
}

Deno.test("POST /playground/api/items finds items by id, then by title in any case; the most popular for nothing", async () => {
  assertEquals(await foundItems("b"), ["bread"]);
  assertEquals(await foundItems("FRU"), ["apple", "dates"]);
  assertEquals(await foundItems("d"), ["dates", "cheese"]);
  assertEquals(await foundItems("d", 1), ["dates"]);
  assertEquals(await foundItems("nothing"), []);
  assertEquals(await foundItems("", 2), ["bread", "cheese"]);
});

Deno.test("POST /playground/api/items and history answer items with the fields that clients may see", async () => {
  const apple = { kind: "fruit", price: 1, item_id: "apple" };
  const bread = { kind: "bakery", price: 2, item_id: "bread" };
  const client = grocer();
  const search = { recipe: "shop", search: "apple" };
  assertEquals((await question(client, "items", search)).answer, {
    items: [apple],
  });
  const ann = { recipe: "shop", user_id: "ann" };
  assertEquals((await question(client, "history", ann)).answer, {
    total: 2,
    items: [apple, bread],
    weights: [1, 1],
  });
});

Deno.test("the questions of the playground refuse what is not there or not valid, and repeat nothing of it", async () => {
  const client = new Client({
    playground: true,
    entries: [grocerEntry(), entry({ name: "empty", model: null })],
  });
  const INPUT = "Zq7input";
  for (
    const [path, body, status, code] of [
      ["history", { recipe: "shop", user_id: INPUT }, 404, "unknown_user"],
      ["history", { recipe: INPUT, user_id: "ann" }, 404, "recipe_not_found"],
      ["users", { recipe: "empty" }, 404, "recipe_not_found"],
      ["users", { recipe: "shop", [INPUT]: 1 }, 422, "validation_error"],
      ["items", { recipe: "shop", limit: 51 }, 422, "validation_error"],
      ["items", { recipe: "shop", offset: -1 }, 422, "validation_error"],
      ["items", { search: INPUT }, 422, "validation_error"],
    ] as const
  ) {
    const refused = await question(client, path, body);
    assertEquals([refused.status, refused.answer.code], [status, code]);
    assert(!JSON.stringify(refused.answer).includes(INPUT));
  }
  assert(!JSON.stringify(client.recorded).includes(INPUT));
  const long = await client.send(QUESTIONS[0]!, {
    method: "POST",
    body: "x".repeat(70_000),
  });
  assertEquals(long.status, 422);
  await long.body?.cancel();
});

Deno.test("the paths of the playground take their own method only", async () => {
  const client = grocer();
  for (
    const [path, allow] of [
      ["/", "GET, HEAD"],
      ["/playground/page.js", "GET, HEAD"],
      ["/playground/api/recipes", "GET, HEAD"],
      ...QUESTIONS.map((path) => [path, "POST"] as const),
    ] as const
  ) {
    const response = await client.send(path, { method: "PUT" });
    assertEquals([response.status, response.headers.get("allow")], [
      405,
      allow,
    ]);
    await response.body?.cancel();
  }
});
