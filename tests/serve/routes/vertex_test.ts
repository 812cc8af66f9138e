import { assertEquals } from "@std/assert";
import { API_KEY, entry } from "../client.ts";
import { grocerEntry } from "../grocer.ts";
import { platformClient, post } from "./adapters.ts";

const VERTEX = ["vertex"];

Deno.test("Vertex AI's health route answers 200 once every recipe has a model", async () => {
  assertEquals((await platformClient(VERTEX).send("/alive")).status, 200);
  const entries = [entry({ model: null })];
  const client = platformClient(VERTEX, { entries });
  assertEquals((await client.send("/alive")).status, 503);
});

Deno.test("Vertex AI's predict route gives a prediction for each instance, in order", async () => {
  const client = platformClient(VERTEX, { keys: { one: API_KEY } });
  const instances = [
    { user_id: "bob", limit: 1 },
    { user_id: "nobody" },
    { items: ["cheese"], limit: 1 },
  ];
  const response = await post(client, "/guess", { instances });
  assertEquals(response.status, 200);
  const { predictions, ...rest } = await response.json();
  assertEquals(rest, {});
  assertEquals(predictions.map(({ status }: { status: string }) => status), [
    "ok",
    "error",
    "ok",
  ]);
  assertEquals(predictions[0], {
    status: "ok",
    items: [{ item_id: "eggs", score: 4 }],
  });
  assertEquals(predictions[1].error.code, "UNKNOWN_USER");
  assertEquals(predictions[2].items, [{ item_id: "eggs", score: 4 }]);
});

Deno.test("Vertex AI's parameters choose the recipe, and whether items have their fields", async () => {
  const entries = [grocerEntry(), { ...grocerEntry(), name: "other" }];
  const client = platformClient(VERTEX, { entries });
  const instances = [{ user_id: "bob", limit: 1 }];
  const named = await post(client, "/guess", {
    instances,
    parameters: { recipe: "other", include_metadata: true },
  });
  const { predictions } = await named.json();
  assertEquals(predictions[0].items[0].price, 5);
  for (const parameters of [{}, { recipe: 1 }, { recipe: "a:b" }, null, 1]) {
    const unnamed = await post(client, "/guess", { instances, parameters });
    assertEquals(unnamed.status, 422, JSON.stringify(parameters));
  }
  const wrong = { recipe: "other", secret: 1 };
  const refused = await post(client, "/guess", {
    instances,
    parameters: wrong,
  });
  assertEquals(refused.status, 422);
});

Deno.test("Vertex AI's predict route refuses bodies without instances, and other methods", async () => {
  const client = platformClient(VERTEX);
  for (const body of [{}, { instances: [] }, { instances: 1 }, "", "[]"]) {
    assertEquals((await post(client, "/guess", body)).status, 422);
  }
  assertEquals((await client.send("/guess")).status, 405);
});
