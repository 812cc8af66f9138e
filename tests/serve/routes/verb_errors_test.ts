import { assert, assertEquals } from "@std/assert";
import { API_KEY, Client, entry } from "../client.ts";
import { grocerEntry } from "../grocer.ts";

/** Text that no answer and no event may repeat. */
const INPUT = "Zq7input";
const VERBS = {
  "recommend": { user_id: "ann" },
  "recommend-related": { seed_items: ["apple"] },
  "batch-recommend": { requests: [{ user_id: "ann" }] },
  "batch-recommend-related": { requests: [{ seed_items: ["apple"] }] },
};

function client(): Client {
  return new Client({
    entries: [grocerEntry(), entry({ name: "empty", model: null })],
    keys: { one: API_KEY },
  });
}

const GOOD = { "x-api-key": API_KEY, "x-request-id": "r-1" };

for (const [verb, body] of Object.entries(VERBS)) {
  Deno.test(`POST :${verb} refuses with flat bodies and codes in capitals`, async () => {
    const cases: [string, unknown, HeadersInit, number, unknown][] = [
      [`shop:${verb}`, body, {}, 401, {
        detail: "The X-API-Key header is missing",
        code: "MISSING_API_KEY",
      }],
      [`shop:${verb}`, body, { "x-api-key": "x".repeat(40) }, 401, {
        detail: "The API key is not valid",
        code: "INVALID_API_KEY",
      }],
      [`other:${verb}`, body, GOOD, 404, {
        detail: "There is no recipe of this name",
        code: "RECIPE_NOT_FOUND",
      }],
      [`empty:${verb}`, body, GOOD, 503, {
        detail: "The recipe has no loaded model",
        code: "RECIPE_UNAVAILABLE",
      }],
      [`shop.x:${verb}`, body, GOOD, 422, {
        detail: "The request is not valid",
        code: "VALIDATION_ERROR",
        request_id: "r-1",
        errors: [{
          loc: ["path", "name"],
          msg: "Must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
          type: "string_pattern_mismatch",
        }],
      }],
      [`shop:${verb}`, "{", GOOD, 422, {
        detail: "The request is not valid",
        code: "VALIDATION_ERROR",
        request_id: "r-1",
        errors: [{
          loc: ["body"],
          msg: "Must be JSON without repeated keys",
          type: "json_invalid",
        }],
      }],
      [`shop:${verb}`, " ".repeat(4 * 2 ** 20 + 1), GOOD, 413, {
        detail: "The request body is too large",
        code: "BODY_TOO_LARGE",
      }],
    ];
    for (const [call, sent, headers, status, wanted] of cases) {
      const response = await client().verb(call, sent, headers);
      assertEquals([response.status, await response.json()], [status, wanted]);
      assert(response.headers.get("x-request-id"));
    }
  });

  Deno.test(`POST :${verb} asks for a key before it looks at the body or for the recipe`, async () => {
    for (const call of [`shop:${verb}`, `other:${verb}`, `shop.x:${verb}`]) {
      const response = await client().verb(call, "{");
      assertEquals((await response.json()).code, "MISSING_API_KEY");
      assertEquals(response.status, 401);
    }
  });

  Deno.test(`POST :${verb} looks at the body before it looks for the recipe`, async () => {
    const response = await client().verb(`other:${verb}`, {}, GOOD);
    assertEquals((await response.json()).code, "VALIDATION_ERROR");
  });

  Deno.test(`:${verb} takes POST only, and has no other spelling`, async () => {
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "PATCH"]) {
      const response = await client().send(`/v1/recipes/shop:${verb}`, {
        method,
      });
      assertEquals(response.status, 405);
      assertEquals(response.headers.get("allow"), "POST");
      if (method !== "HEAD") {
        assertEquals(Object.keys(await response.json()), ["detail"]);
      }
    }
    for (const call of [`shop:${verb}x`, `shop:x:${verb}`, `shop::${verb}`]) {
      const response = await client().verb(call, body, GOOD);
      assertEquals(response.status, 404, call);
      assertEquals(Object.keys(await response.json()), ["detail"]);
    }
  });

  Deno.test(`POST :${verb} answers 500 with the id and without a word of what went wrong`, async () => {
    const broken = client();
    broken.registry.get = () => {
      throw new TypeError(INPUT);
    };
    const response = await broken.verb(`shop:${verb}`, body, GOOD);
    assertEquals([response.status, await response.json()], [500, {
      detail: "internal error",
      code: "INTERNAL_ERROR",
      request_id: "r-1",
    }]);
    assertEquals(response.headers.get("x-request-id"), "r-1");
    assert(!JSON.stringify(broken.recorded).includes(INPUT));
  });
}

Deno.test("verbs answer with the id of the request in header and body, 1 to 128 characters", async () => {
  const shop = client();
  for (
    const [given, kept] of [["a".repeat(128), true], ["a".repeat(129), false], [
      "a b",
      false,
    ]] as const
  ) {
    const response = await shop.verb("shop:recommend", VERBS.recommend, {
      ...GOOD,
      "x-request-id": given,
    });
    const { request_id } = await response.json();
    assertEquals(response.headers.get("x-request-id"), request_id);
    assertEquals(request_id === given, kept);
  }
});

Deno.test("verbs say where a field is unknown or of another type; what clients may not see is unknown", async () => {
  const shop = client();
  const cases: [Record<string, unknown>, (string | number)[], string][] = [
    [
      { filter: { or: [{ field: "price", eq: 1 }, { field: INPUT, eq: 1 }] } },
      ["filter", "or", 1, "field"],
      "unknown_field",
    ],
    [
      { filter: { field: "Cost", lt: 3 } },
      ["filter", "field"],
      "unknown_field",
    ],
    [{ filter: { field: "kind", eq: 1 } }, ["filter", "eq"], "field_type"],
    [
      { boosts: [{ filter: { field: "Cost", lt: 3 }, factor: 2 }] },
      ["boosts", 0, "filter", "field"],
      "unknown_field",
    ],
    [
      { diversity: { cap: { field: "Cost", most: 1 } } },
      ["diversity", "cap", "field"],
      "unknown_field",
    ],
  ];
  for (const [part, loc, type] of cases) {
    for (const verb of ["recommend", "recommend-related"] as const) {
      const response = await shop.verb(
        `shop:${verb}`,
        { ...VERBS[verb], ...part },
        GOOD,
      );
      assertEquals(response.status, 422);
      const [issue] = (await response.json()).errors;
      assertEquals([issue.loc, issue.type], [["body", ...loc], type]);
    }
  }
});

Deno.test("verbs repeat nothing of a request in refusals or events", async () => {
  const shop = client();
  const answers: string[] = [];
  const bodies: Record<keyof typeof VERBS, unknown[]> = {
    "recommend": [
      { user_id: INPUT },
      { user_id: "ann", [INPUT]: INPUT },
      { user_id: [INPUT], limit: INPUT },
      { items: [INPUT] },
      { user_id: "ann", filter: { field: INPUT, eq: INPUT } },
      { user_id: "ann", filter: { and: [{ [INPUT]: 1 }] } },
      { user_id: "ann", fallback: INPUT },
      INPUT,
      `{"user_id":"${INPUT}","user_id":"${INPUT}"}`,
    ],
    "recommend-related": [{ seed_items: [INPUT] }, { seed_items: INPUT }],
    "batch-recommend": [
      {
        requests: [{ user_id: INPUT }, { [INPUT]: 1 }, {
          user_id: "ann",
          filter: { field: INPUT, eq: 1 },
        }],
      },
      { requests: [INPUT] },
    ],
    "batch-recommend-related": [{ requests: [{ seed_items: [INPUT] }] }],
  };
  for (const [verb, sent] of Object.entries(bodies)) {
    for (const body of sent) {
      const response = await shop.verb(`shop:${verb}`, body, GOOD);
      answers.push(
        await response.text(),
        JSON.stringify([...response.headers]),
      );
    }
  }
  for (const call of [`${INPUT}:recommend`, `${INPUT}.:recommend`, INPUT]) {
    const response = await shop.verb(call, { user_id: "ann" }, GOOD);
    answers.push(await response.text());
  }
  assertEquals(answers.filter((answer) => answer.includes(INPUT)), []);
  assert(shop.told().includes("validation_failed"));
  assert(!JSON.stringify(shop.recorded).includes(INPUT));
});
