import { assert, assertEquals, assertMatch } from "@std/assert";
import { Registry } from "../../../serve/registry.ts";
import { Client, entry } from "../client.ts";
import { shopModel, shopRecommender } from "../shop.ts";

/** Asserts that a request is refused with 422, and returns the places and rules that it broke. */
async function rulesBroken(
  client: Client,
  body: unknown,
  name?: string,
): Promise<string[]> {
  const response = await client.predict(
    body,
    name === undefined ? {} : { name },
  );
  const answer = await response.json();
  assertEquals(response.status, 422);
  assertEquals(answer, {
    detail: "The request is not valid",
    code: "validation_error",
    request_id: response.headers.get("x-request-id"),
    errors: answer.errors,
  });
  for (const issue of answer.errors) {
    assertEquals(Object.keys(issue).sort(), ["loc", "msg", "type"]);
  }
  return answer.errors.map(({ loc, type }: { loc: string[]; type: string }) =>
    `${loc.join(".")} ${type}`
  );
}

Deno.test("POST /predict answers items by falling score, the model and the request's id, and nothing else", async () => {
  const response = await new Client().predict(
    { user_id: "ann" },
    { headers: { "x-request-id": "q-1" } },
  );
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(response.headers.get("x-recotem-metadata-degraded"), null);
  assertEquals(
    await response.text(),
    JSON.stringify({
      items: [
        { item_id: "bread", score: 8 },
        { item_id: "cheese", score: 4 },
        { item_id: "apple", score: 2 },
        { item_id: "dates", score: 0.5 },
      ],
      model: {
        recipe: "shop",
        trained_at: "2026-05-04T03:02:01Z",
        best_class: "TopPopRecommender",
        kid: "test",
      },
      request_id: "q-1",
    }),
  );
});

Deno.test("POST /predict leaves out what the user has, before the list is cut", async () => {
  const client = new Client();
  const items = async (user: string, cutoff: number) => {
    const response = await client.predict({ user_id: user, cutoff });
    return (await response.json()).items.map(
      ({ item_id }: { item_id: string }) => item_id,
    );
  };
  assertEquals(await items("bob", 2), ["cheese", "apple"]);
  assertEquals(await items("zoë", 10), ["dates"]);
});

Deno.test("POST /predict answers an empty list to a user who has everything", async () => {
  const model = shopModel({ scores: { tea: 1 }, users: { ann: ["tea"] } });
  const client = new Client({ entries: [entry({ model })] });
  const response = await client.predict({ user_id: "ann" });
  assertEquals(response.status, 200);
  assertEquals((await response.json()).items, []);
});

Deno.test("POST /predict knows the user whose id is empty", async () => {
  const model = shopModel({ scores: { tea: 1 }, users: { "": [] } });
  const client = new Client({ entries: [entry({ model })] });
  assertEquals((await client.predict({ user_id: "" })).status, 200);
});

Deno.test("POST /predict gives ten items unless asked for 1 to 1000", async () => {
  const scores = Object.fromEntries(
    Array.from({ length: 1001 }, (_, i) => [`${1000 + i}`, 1 + i]),
  );
  const model = shopModel({ scores });
  const client = new Client({ entries: [entry({ model })] });
  const count = async (cutoff?: number) =>
    (await (await client.predict({ user_id: "ann", cutoff })).json()).items
      .length;
  assertEquals(await count(), 10);
  assertEquals(await count(1), 1);
  assertEquals(await count(1000), 1000);
  for (
    const [cutoff, type] of [
      [0, "greater_than_equal"],
      [-5, "greater_than_equal"],
      [1001, "less_than_equal"],
      [2 ** 53, "less_than_equal"],
    ]
  ) {
    assertEquals(await rulesBroken(client, { user_id: "ann", cutoff }), [
      `body.cutoff ${type}`,
    ]);
  }
});

Deno.test("POST /predict ignores unknown fields, those of prototypes too", async () => {
  const client = new Client();
  const response = await client.predict(
    '{"user_id":"ann","limit":1,"__proto__":{"cutoff":1},"constructor":{},"a":[{}]}',
  );
  assertEquals(response.status, 200);
  assertEquals((await response.json()).items.length, 4);
  assertEquals(await rulesBroken(client, '{"__proto__":{"user_id":"ann"}}'), [
    "body.user_id missing",
  ]);
});

Deno.test("POST /predict takes types as they are", async () => {
  const client = new Client();
  const cases: [body: unknown, broken: string[]][] = [
    [{}, ["body.user_id missing"]],
    [{ user_id: null }, ["body.user_id string_type"]],
    [{ user_id: 5 }, ["body.user_id string_type"]],
    [{ user_id: true }, ["body.user_id string_type"]],
    [{ user_id: ["ann"] }, ["body.user_id string_type"]],
    ['{"user_id":"\\ud800"}', ["body.user_id string_type"]],
    [{ user_id: "ann", cutoff: "10" }, ["body.cutoff int_type"]],
    [{ user_id: "ann", cutoff: true }, ["body.cutoff int_type"]],
    [{ user_id: "ann", cutoff: null }, ["body.cutoff int_type"]],
    [{ user_id: "ann", cutoff: [5] }, ["body.cutoff int_type"]],
    [{ user_id: "ann", cutoff: 1.5 }, ["body.cutoff int_type"]],
    ['{"user_id":"ann","cutoff":1e999}', ["body.cutoff int_type"]],
    [{ user_id: 5, cutoff: 0 }, [
      "body.user_id string_type",
      "body.cutoff greater_than_equal",
    ]],
    ["null", ["body object_type"]],
    ["[]", ["body object_type"]],
    ['"ann"', ["body object_type"]],
    ["5", ["body object_type"]],
  ];
  for (const [body, broken] of cases) {
    assertEquals(await rulesBroken(client, body), broken);
  }
  assertEquals(
    (await client.predict('{"user_id":"ann","cutoff":1e1}')).status,
    200,
  );
});

Deno.test("POST /predict refuses bodies that are no JSON, nest too deep, repeat a key or are no UTF-8", async () => {
  const client = new Client();
  for (
    const body of [
      "",
      " ",
      "{",
      "{}{}",
      "{'user_id':'ann'}",
      '{"user_id":"ann",}',
      '{"user_id":"ann","cutoff":NaN}',
      "user_id=ann",
      '{"user_id":"ann","user_id":"bob"}',
      '{"user_id":"ann","user\\u005fid":"ann"}',
      `{"user_id":"ann","x":${"[".repeat(40)}${"]".repeat(40)}}`,
      "[".repeat(60_000),
      Uint8Array.of(
        ...new TextEncoder().encode('{"user_id":"'),
        0xff,
        0x22,
        0x7d,
      ),
      Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
    ]
  ) {
    assertEquals(await rulesBroken(client, body), ["body json_invalid"]);
  }
  const without = await client.send("/predict/shop", { method: "POST" });
  assertEquals(without.status, 422);
});

Deno.test("POST /predict refuses a body of more than 64 KiB with 413", async () => {
  const client = new Client();
  const fits = { user_id: "ann", x: "" };
  fits.x = "x".repeat(64 * 1024 - JSON.stringify(fits).length);
  assertEquals((await client.predict(fits)).status, 200);
  fits.x += "x";
  const response = await client.predict(fits);
  assertEquals(response.status, 413);
  assertEquals((await response.json()).code, "body_too_large");
});

Deno.test("POST /predict answers 404 user_not_found to a user whom the model does not know", async () => {
  const client = new Client();
  for (const user of ["eve", "", "Ann", "ann ", "ann\u0000", "zoe\u0308"]) {
    const response = await client.predict({ user_id: user });
    assertEquals(response.status, 404);
    assertEquals(await response.json(), {
      detail: "The model does not know this user",
      code: "user_not_found",
      request_id: response.headers.get("x-request-id"),
    });
  }
});

Deno.test("POST /predict answers 503 recipe_unavailable when a recipe has no model and when there is none of that name", async () => {
  const client = new Client({ entries: [entry({ model: null, error: "x" })] });
  for (const name of ["shop", "other", "constructor", "__proto__"]) {
    const response = await client.predict({ user_id: "ann" }, { name });
    assertEquals(response.status, 503);
    assertEquals(await response.json(), {
      detail: "The recipe has no loaded model",
      code: "recipe_unavailable",
      request_id: response.headers.get("x-request-id"),
    });
  }
});

Deno.test("POST /predict answers from a model whose recipe has an error", async () => {
  const client = new Client({
    entries: [entry({ error: "artifact missing" })],
  });
  assertEquals((await client.predict({ user_id: "ann" })).status, 200);
});

Deno.test("POST /predict refuses a name that no recipe can have, beside what is wrong with the body", async () => {
  const client = new Client();
  const wrong = "path.name string_pattern_mismatch";
  for (
    const name of [
      "a".repeat(65),
      "a.b",
      "a%2Fb",
      "%00",
      "shop%0A",
      "caf%C3%A9",
      "%zz",
      "a:recommend",
    ]
  ) {
    assertEquals(await rulesBroken(client, { user_id: "ann" }, name), [wrong]);
  }
  assertEquals(await rulesBroken(client, "{", "a.b"), [
    wrong,
    "body json_invalid",
  ]);
  const longest = await client.predict({ user_id: "ann" }, {
    name: "a".repeat(64),
  });
  assertEquals(longest.status, 503);
});

Deno.test("/predict answers 405 to other methods, and names the right one", async () => {
  const client = new Client();
  for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const response = await client.send("/predict/shop", { method });
    assertEquals([response.status, response.headers.get("allow")], [
      405,
      "POST",
    ]);
    if (method !== "HEAD") {
      assertEquals((await response.json()).code, "method_not_allowed");
    }
  }
});

Deno.test("POST /predict gives items as JSON whatever their ids and fields hold", async () => {
  const titles = ['say "hi"\n', "\\ é 日本 😀", null, "</script>\u2028"];
  const items = ['"', "\\\n", "é", "😀"];
  const model = shopModel({
    scores: Object.fromEntries(items.map((item, i) => [item, 10 - i])),
    fields: [
      { name: "title", type: "text", values: titles },
      { name: 'pri"ce', type: "number", values: [3.5, null, -0, 1e21] },
      { name: "fresh", type: "boolean", values: [true, false, null, true] },
      { name: "__proto__", type: "text", values: ["p", "p", "p", "p"] },
    ],
  });
  const client = new Client({ entries: [entry({ model })] });
  for (let round = 0; round < 2; round++) {
    const response = await client.predict({ user_id: "ann" });
    const answer = await response.json();
    assertEquals(
      answer.items.map((item: object) => Object.entries(item)),
      items.map((item, i) => [
        ["item_id", item],
        ["score", 10 - i],
        ["title", titles[i]],
        ['pri"ce', [3.5, null, 0, 1e21][i]],
        ["fresh", [true, false, null, true][i]],
        ["__proto__", "p"],
      ]),
    );
  }
});

Deno.test("POST /predict takes item_id and score from the model, never from the fields", async () => {
  const fields = ["item_id", "score", "Score"].map((name) => ({
    name,
    type: "text" as const,
    values: ["forged"],
  }));
  const model = shopModel({ scores: { tea: 1.5 }, fields });
  const client = new Client({ entries: [entry({ model })] });
  const { items } = await (await client.predict({ user_id: "ann" })).json();
  assertEquals(items, [{ item_id: "tea", score: 1.5, Score: "forged" }]);
});

Deno.test("POST /predict answers an item whose fields cannot be read without them, and says so", async () => {
  const recommender = shopRecommender({
    scores: { pie: 2, tea: 1 },
    fields: [{ name: "title", type: "text", values: ["Pie", "Tea"] }],
  });
  const { table } = recommender;
  const read = table!.row.bind(table);
  table!.row = (item) => {
    if (item === 0) throw new RangeError("secret title");
    return read(item);
  };
  const client = new Client({
    entries: [entry({ model: shopModel({}, { recommender }) })],
  });
  const response = await client.predict({ user_id: "ann" });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("x-recotem-metadata-degraded"), "1");
  assertEquals((await response.json()).items, [
    { item_id: "pie", score: 2 },
    { item_id: "tea", score: 1, title: "Tea" },
  ]);
  const told = client.recorded.filter(({ level }) => level === "warn");
  assertEquals(told.map(({ event, fields }) => [event, fields]), [
    ["metadata_lookup_failed", { recipe: "shop", items: 1 }],
  ]);
});

Deno.test("POST /predict answers 500 without a word of what went wrong", async () => {
  class FaultyRegistry extends Registry {
    override get(name: string): never {
      throw new TypeError(`no such thing: ${name} ann`);
    }
  }
  const client = new Client({ registry: new FaultyRegistry() });
  const response = await client.predict({ user_id: "ann" }, { name: "secret" });
  assertEquals(response.status, 500);
  assertEquals(await response.json(), {
    detail: "Internal error",
    code: "internal_error",
    request_id: response.headers.get("x-request-id"),
  });
  const told = client.recorded.find(({ level }) => level === "error");
  assertEquals(told?.event, "unhandled_500");
  assertEquals(told?.fields?.path, "/predict/:name");
  assertEquals(told?.fields?.error, "TypeError");
  assertMatch(String(told?.fields?.stack), /^ {4}at .*predict/m);
  assert(!/secret|ann\b/.test(JSON.stringify(client.recorded)));
});
