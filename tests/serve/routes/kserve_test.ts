import { assertEquals } from "@std/assert";
import { API_KEY, type Client, entry } from "../client.ts";
import { platformClient, post } from "./adapters.ts";

const KSERVE = ["kserve"];
const VERSION = `sha256:${"0".repeat(64)}`;

/** The input of users' ids. */
function users(ids: readonly unknown[], shape: unknown = [ids.length]) {
  return { name: "user_id", datatype: "BYTES", shape, data: ids };
}

async function infer(
  client: Client,
  body: unknown,
): Promise<[number, Record<string, unknown>]> {
  const response = await post(client, "/v2/models/shop/infer", body);
  return [response.status, await response.json()];
}

Deno.test("/v2 describes the server and a model as the Open Inference Protocol does", async () => {
  const client = platformClient(KSERVE);
  const server = await (await client.send("/v2")).json();
  assertEquals([server.name, server.extensions], ["recotem", []]);
  const model = await (await client.send("/v2/models/shop")).json();
  assertEquals(model, {
    name: "shop",
    versions: [VERSION],
    platform: "recotem",
    inputs: [{ name: "user_id", datatype: "BYTES", shape: [-1] }],
    outputs: [
      { name: "item_id", datatype: "BYTES", shape: [-1, -1] },
      { name: "score", datatype: "FP32", shape: [-1, -1] },
      { name: "count", datatype: "INT32", shape: [-1] },
    ],
  });
  const none = await client.send("/v2/models/none");
  assertEquals([none.status, Object.keys(await none.json())], [404, ["error"]]);
});

Deno.test("/v2 tells whether the server lives, and whether it and a model are ready", async () => {
  const ready = platformClient(KSERVE);
  const loading = platformClient(KSERVE, {
    entries: [entry({ model: null })],
  });
  for (
    const [client, path, status, body] of [
      [loading, "/v2/health/live", 200, { live: true }],
      [loading, "/v2/health/ready", 400, { ready: false }],
      [ready, "/v2/health/ready", 200, { ready: true }],
      [ready, "/v2/models/shop/ready", 200, { name: "shop", ready: true }],
      [loading, "/v2/models/shop/ready", 400, { name: "shop", ready: false }],
    ] as const
  ) {
    const response = await client.send(path);
    assertEquals([response.status, await response.json()], [status, body]);
  }
});

Deno.test("POST /v2/models/{name}/infer answers a row for each user, filled to one length", async () => {
  const client = platformClient(KSERVE);
  const request = { id: "42", inputs: [users(["bob", "nobody", "ann"])] };
  assertEquals(await infer(client, request), [200, {
    model_name: "shop",
    model_version: VERSION,
    id: "42",
    outputs: [
      {
        name: "item_id",
        datatype: "BYTES",
        shape: [3, 4],
        data: [
          "eggs",
          "apple",
          "bread",
          "dates",
          "",
          "",
          "",
          "",
          "cheese",
          "dates",
          "eggs",
          "",
        ],
      },
      {
        name: "score",
        datatype: "FP32",
        shape: [3, 4],
        data: [4, 1, 0, 0, 0, 0, 0, 0, 5, 1, 0, 0],
      },
      { name: "count", datatype: "INT32", shape: [3], data: [4, 0, 3] },
    ],
  }]);
});

Deno.test("POST /v2/models/{name}/infer takes parameters of :recommend, nested data, and the outputs that are wanted", async () => {
  const client = platformClient(KSERVE);
  const [status, body] = await infer(client, {
    inputs: [users([["bob"]], [1, 1])],
    parameters: { limit: 1, filter: { field: "kind", eq: "fruit" } },
    outputs: [{ name: "item_id" }],
  });
  assertEquals([status, body.outputs], [200, [
    { name: "item_id", datatype: "BYTES", shape: [1, 1], data: ["apple"] },
  ]]);
});

Deno.test("POST /v2/models/{name}/infer refuses with 400 and an error what is not as it must be", async () => {
  const client = platformClient(KSERVE);
  const good = users(["ann"]);
  for (
    const body of [
      "",
      "[]",
      {},
      { inputs: [] },
      { inputs: [good, good] },
      { inputs: [{ ...good, name: "user" }] },
      { inputs: [{ ...good, datatype: "FP32" }] },
      { inputs: [users(["ann"], [2])] },
      { inputs: [users(["ann"], "1")] },
      { inputs: [users([1])] },
      { inputs: [users([], [0])] },
      { inputs: [good], parameters: { limit: "1" } },
      { inputs: [good], parameters: { secret: 1 } },
      { inputs: [users(Array(257).fill("ann"))] },
    ]
  ) {
    const [status, answer] = await infer(client, body);
    assertEquals(status, 400, JSON.stringify(body));
    assertEquals(Object.keys(answer), ["error"]);
    assertEquals(JSON.stringify(answer).includes("secret"), false);
  }
  const none = await post(client, "/v2/models/none/infer", { inputs: [good] });
  assertEquals([none.status, Object.keys(await none.json())], [404, ["error"]]);
});

Deno.test("/v2 asks for a key where there are keys, except for its health", async () => {
  const client = platformClient(KSERVE, { keys: { one: API_KEY } });
  const body = { inputs: [users(["ann"])] };
  const path = "/v2/models/shop/infer";
  assertEquals((await post(client, path, body)).status, 401);
  const headers = { "x-api-key": API_KEY };
  assertEquals((await post(client, path, body, headers)).status, 200);
  assertEquals((await client.send("/v2/models/shop")).status, 401);
  assertEquals((await client.send("/v2/health/ready")).status, 200);
  assertEquals((await platformClient([]).send("/v2")).status, 404);
});
