import { assertEquals } from "@std/assert";
import { API_KEY, entry } from "../client.ts";
import { grocerEntry, idsOf } from "../grocer.ts";
import { platformClient, post } from "./adapters.ts";

const SAGEMAKER = ["sagemaker"];

Deno.test("GET /ping answers 200 once every recipe has a model", async () => {
  const ready = await platformClient(SAGEMAKER).send("/ping");
  assertEquals([ready.status, await ready.text()], [200, "{}"]);
  const entries = [entry({ model: null })];
  const client = platformClient(SAGEMAKER, { entries });
  assertEquals((await client.send("/ping")).status, 503);
});

Deno.test("POST /invocations answers as :recommend, :recommend-related and :batch-recommend do", async () => {
  const client = platformClient(SAGEMAKER);
  const headers = { "x-request-id": "one" };
  for (
    const [verb, body] of [
      ["recommend", { user_id: "ann", limit: 2 }],
      ["recommend", { user_id: "ann", limit: 0 }],
      ["recommend", { user_id: "nobody" }],
      ["recommend-related", { seed_items: ["apple"] }],
      ["batch-recommend", { requests: [{ user_id: "ann" }, {}] }],
    ] as const
  ) {
    const own = await client.verb(`shop:${verb}`, body, headers);
    const asked = await post(client, "/invocations", body, headers);
    assertEquals(
      [asked.status, await asked.json()],
      [own.status, await own.json()],
    );
  }
});

Deno.test("POST /invocations refuses what is no JSON object, without repeating it", async () => {
  const client = platformClient(SAGEMAKER);
  for (const body of ["", "[]", "1", '{"secret"']) {
    const response = await post(client, "/invocations", body);
    const text = await response.text();
    assertEquals([response.status, text.includes("secret")], [422, false]);
  }
});

Deno.test("POST /invocations asks the recipe that the custom attribute names, the only one without it", async () => {
  const entries = [grocerEntry(), { ...grocerEntry(), name: "other" }];
  const client = platformClient(SAGEMAKER, { entries });
  const ask = async (attributes: string) => {
    const headers = { "X-Amzn-SageMaker-Custom-Attributes": attributes };
    const response = await post(
      client,
      "/invocations",
      { user_id: "ann" },
      headers,
    );
    const body = await response.json();
    return response.ok ? idsOf(body) : body.code;
  };
  assertEquals(await ask("trace=1,recipe=other"), ["cheese", "dates", "eggs"]);
  assertEquals(await ask("recipe=none"), "RECIPE_NOT_FOUND");
  assertEquals(await ask("recipe="), "VALIDATION_ERROR");
  assertEquals(await ask("x"), "VALIDATION_ERROR");
});

Deno.test("SageMaker's routes need no key, are counted like others, and are not there unless named", async () => {
  const keys = { one: API_KEY };
  const client = platformClient(SAGEMAKER, { keys, counted: { time: 0 } });
  const body = { user_id: "ann" };
  const open = await post(client, "/invocations", body);
  assertEquals(open.status, 200);
  assertEquals((await client.verb("shop:recommend", body)).status, 401);
  const metrics = await (await client.send("/metrics")).text();
  const counted =
    'recotem_v1_requests_total{recipe="shop",verb="recommend",status="ok"} 1';
  assertEquals(metrics.includes(counted), true);
  const without = platformClient([]);
  assertEquals((await without.send("/ping")).status, 404);
  assertEquals((await post(without, "/invocations", body)).status, 404);
});
