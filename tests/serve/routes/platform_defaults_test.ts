import { assertEquals } from "@std/assert";
import type { Client } from "../client.ts";
import { grocerEntry } from "../grocer.ts";
import { servingRecipe } from "../serving_recipe.ts";
import { platformClient, post } from "./adapters.ts";

interface Item {
  readonly item_id: string;
  readonly score: number;
}

/** Each user's items, score and id alone; null for a refusal. */
type Lists = readonly (readonly Item[] | null)[];

const USERS = ["ann", "bob", "nobody"];
const BLOCKS = [
  "{}",
  "{ limit: 1, fallback: popular }",
  "{ filter: { field: price, gte: 2 }, include_seen: true }",
  "{ include_seen: true, diversity: { cap: { field: kind, most: 1 } } }",
  "{ boosts: [{ filter: { field: kind, eq: fruit }, factor: 100 }] }",
];

function bare(items: readonly Item[] | undefined): readonly Item[] | null {
  return items?.map(({ item_id, score }) => ({ item_id, score })) ?? null;
}

async function ofVerb(client: Client): Promise<Lists> {
  return await Promise.all(USERS.map(async (user_id) => {
    const response = await client.verb("shop:recommend", { user_id });
    return bare((await response.json()).items);
  }));
}

async function ofKserve(client: Client): Promise<Lists> {
  const data = USERS;
  const input = { name: "user_id", datatype: "BYTES", shape: [3], data };
  const response = await post(client, "/v2/models/shop/infer", {
    inputs: [input],
  });
  const { outputs } = await response.json();
  const [ids, scores, counts] = outputs;
  const width = ids.shape[1];
  return USERS.map((_, row) =>
    counts.data[row] === 0
      ? null
      : Array.from({ length: counts.data[row] }, (_, n) => ({
        item_id: ids.data[row * width + n],
        score: scores.data[row * width + n],
      }))
  );
}

async function ofSagemaker(client: Client): Promise<Lists> {
  return await Promise.all(USERS.map(async (user_id) => {
    const response = await post(client, "/invocations", { user_id });
    return bare((await response.json()).items);
  }));
}

async function ofVertex(client: Client): Promise<Lists> {
  const instances = USERS.map((user_id) => ({ user_id }));
  const response = await post(client, "/guess", { instances });
  const { predictions } = await response.json();
  return predictions.map(({ items }: { items?: Item[] }) => bare(items));
}

for (const serving of BLOCKS) {
  Deno.test(`platforms' routes answer what :recommend answers where the recipe says ${serving}`, async () => {
    const recipe = await servingRecipe(serving, ["kind", "price"]);
    const client = platformClient(["kserve", "sagemaker", "vertex"], {
      entries: [{ ...grocerEntry(), recipe }],
    });
    const lists = await ofVerb(client);
    assertEquals(await ofKserve(client), lists);
    assertEquals(await ofSagemaker(client), lists);
    assertEquals(await ofVertex(client), lists);
  });
}

Deno.test("platforms' routes follow a recipe that says otherwise than the model alone", async () => {
  const answers = await Promise.all(BLOCKS.map(async (serving) => {
    const recipe = await servingRecipe(serving, ["kind", "price"]);
    return JSON.stringify(
      await ofVertex(platformClient(["vertex"], {
        entries: [{ ...grocerEntry(), recipe }],
      })),
    );
  }));
  assertEquals(new Set(answers).size, BLOCKS.length);
});
