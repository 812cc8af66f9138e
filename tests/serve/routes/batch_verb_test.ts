import { setImmediate } from "node:timers";
import { assertEquals } from "@std/assert";
import type { ServedModel } from "../../../serve/served_model.ts";
import { Client } from "../client.ts";
import { grocer, grocerEntry } from "../grocer.ts";

async function ask(
  call: string,
  body: unknown,
  client: Client = new Client({ entries: [grocerEntry()] }),
) {
  const response = await client.verb(`shop:${call}`, body);
  return {
    status: response.status,
    headers: response.headers,
    answer: await response.json(),
  };
}

Deno.test("POST :batch-recommend answers element by element, in order, without fields", async () => {
  const { status, headers, answer } = await ask("batch-recommend", {
    requests: [
      { user_id: "ann", limit: 1 },
      { user_id: "nobody" },
      { user_id: "bob", limit: 0 },
      { items: ["apple"], limit: 1, explain: true },
    ],
  });
  assertEquals(status, 200);
  assertEquals(Object.keys(answer), [
    "request_id",
    "recipe",
    "model_version",
    "results",
  ]);
  assertEquals(headers.get("x-recotem-model-version"), answer.model_version);
  assertEquals(answer.results, [
    { index: 0, status: "ok", items: [{ item_id: "cheese", score: 5 }] },
    {
      index: 1,
      status: "error",
      error: {
        code: "UNKNOWN_USER",
        message: "The model does not know this user",
      },
    },
    {
      index: 2,
      status: "error",
      error: { code: "VALIDATION_ERROR", message: "limit Must be at least 1" },
    },
    {
      index: 3,
      status: "ok",
      items: [{ item_id: "cheese", score: 2 }],
      counts: { seen: 1, filtered: 0, filled: 0 },
      explanations: [{
        item_id: "cheese",
        because: [{ item_id: "apple", influence: 2 }],
      }],
    },
  ]);
});

Deno.test("POST :batch-recommend-related answers with fields when asked to", async () => {
  const { answer } = await ask("batch-recommend-related", {
    include_metadata: true,
    requests: [
      { seed_items: ["apple"], limit: 1 },
      { seed_items: ["x"] },
      { seed_items: ["apple"], candidates: ["x"] },
      { seed_items: [] },
      {},
    ],
  });
  assertEquals(answer.results[0].items, [
    { item_id: "cheese", score: 2, kind: "dairy", price: 3 },
  ]);
  const codes = answer.results.slice(1).map(
    ({ error }: { error: { code: string } }) => error.code,
  );
  assertEquals(codes, [
    "UNKNOWN_SEED_ITEMS",
    "NO_CANDIDATES",
    "VALIDATION_ERROR",
    "VALIDATION_ERROR",
  ]);
});

Deno.test("POST :batch-recommend lets elements ask for 5000 items together, and a later smaller one fit", async () => {
  const limits = [1000, 1000, 1000, 1000, 999, 2, 1, 1, 0];
  const { answer } = await ask("batch-recommend", {
    // Whom the model does not know counts all the same: the element was accepted.
    requests: limits.map((limit, n) => ({
      user_id: n === 1 ? "nobody" : "ann",
      limit,
    })),
  });
  const ends = answer.results.map(
    (result: { status: string; error?: { message: string } }) =>
      result.error?.message ?? result.status,
  );
  const tooMany = "The elements together may ask for at most 5000 items";
  assertEquals(ends, [
    "ok",
    "The model does not know this user",
    "ok",
    "ok",
    "ok",
    tooMany,
    "ok",
    tooMany,
    "limit Must be at least 1",
  ]);
});

Deno.test("POST :batch-recommend refuses the whole call for its shape only", async () => {
  const ok = { user_id: "ann" };
  for (
    const [body, wanted] of [
      [{}, "body.requests missing"],
      [{ requests: [] }, "body.requests too_short"],
      [{ requests: Array(257).fill(ok) }, "body.requests too_long"],
      [{ requests: [ok, 1] }, "body.requests.1 object_type"],
      [{ requests: [ok, [ok]] }, "body.requests.1 object_type"],
      [{ requests: [null] }, "body.requests.0 object_type"],
      [
        { requests: [ok], include_metadata: 1 },
        "body.include_metadata bool_type",
      ],
      [{ requests: [ok], limit: 1 }, "body extra_forbidden"],
      [[ok], "body object_type"],
    ] as const
  ) {
    const { status, answer } = await ask("batch-recommend", body);
    assertEquals([status, answer.code], [422, "VALIDATION_ERROR"]);
    const [issue] = answer.errors;
    assertEquals(`${issue.loc.join(".")} ${issue.type}`, wanted);
  }
  const all = await ask("batch-recommend", { requests: Array(256).fill(ok) });
  assertEquals(all.answer.results.length, 256);
});

Deno.test("POST :batch-recommend refuses unknown fields of an element alone, __proto__ too", async () => {
  const { answer } = await ask(
    "batch-recommend",
    '{"requests":[{"user_id":"ann","__proto__":{"limit":1}},{"user_id":"ann","cutoff":1},{"user_id":"ann"}]}',
  );
  const statuses = answer.results.map(({ status }: { status: string }) =>
    status
  );
  assertEquals(statuses, ["error", "error", "ok"]);
});

Deno.test("POST :batch-recommend answers the others when one element fails inside, without a word of why", async () => {
  const recommender = grocer();
  const recommend = recommender.recommend.bind(recommender);
  recommender.recommend = (user, options) => {
    if (user === 1) throw new TypeError("secret of bob");
    return recommend(user, options);
  };
  const client = new Client({ entries: [grocerEntry(recommender)] });
  const { status, answer } = await ask("batch-recommend", {
    requests: [{ user_id: "bob" }, { user_id: "ann" }],
  }, client);
  assertEquals(status, 200);
  assertEquals(answer.results[0].error, {
    code: "INTERNAL_ERROR",
    message: "internal error",
  });
  assertEquals(answer.results[1].status, "ok");
  const told = client.recorded.find(({ event }) =>
    event === "batch_element_error"
  );
  assertEquals(told?.fields?.error, "TypeError");
});

Deno.test("POST :batch-recommend lets other requests in between, and holds its model until it is answered", async () => {
  const client = new Client({ entries: [grocerEntry()] });
  const { model } = client.registry.get("shop")!;
  const order: string[] = [];
  const batch = client.verb("shop:batch-recommend", {
    requests: Array(256).fill({ user_id: "ann" }),
  }).then((response) => {
    order.push("batch");
    return response.json();
  });
  // The batch is under way once its body has been read.
  await until(() => !isFree(model!));
  model!.end(() => order.push("freed"));
  const one = client.verb("shop:recommend", { user_id: "ann" })
    .then((response) => {
      order.push("one");
      return response.body?.cancel();
    });
  const { results } = await batch;
  await one;
  assertEquals(results.length, 256);
  assertEquals(order, ["one", "freed", "batch"]);
});

/** Whether nothing holds a model; leaves it as it was. */
function isFree(model: ServedModel): boolean {
  let free = false;
  model.end(() => free = true);
  return free;
}

/** Waits, one turn of the event loop after another, until `holds`. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
