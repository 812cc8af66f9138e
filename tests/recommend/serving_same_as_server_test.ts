/**
 * That customers of the example are answered in bulk as the server's `:recommend` answers them, whatever the recipe says
 * of requests.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { wantedLists } from "../../recommend/wanted_lists.ts";
import { openRecommender } from "../../serve/open_recommender.ts";
import { HEADER, KEYS } from "../artifact/fixture.ts";
import { Client, entry } from "../serve/client.ts";
import { servingRecipe } from "../serve/serving_recipe.ts";
import { shopModel } from "../serve/shop.ts";
import { inBulk } from "./in_bulk.ts";
import { MODELS, retail } from "./retail.ts";

const UNSAID = { limit: null, includeSeen: null, fallback: null } as const;
/** Every so many of the customers are asked for. */
const STEP = 20;

/** What recipes say of requests; the first says nothing. */
const BLOCKS = [
  "{}",
  "{ limit: 3, include_seen: true }",
  "{ filter: { and: [{ field: price, lt: 200 }, { not: { field: new, eq: true } }] }, fallback: popular }",
  "{ limit: 20, diversity: { lambda: 0.3 } }",
  "{ diversity: { cap: { field: new, most: 2 } }, fallback: error }",
  "{ boosts: [{ filter: { field: price, gte: 400 }, factor: 5 }], filter: { field: title, exists: true }, fallback: popular, diversity: { lambda: 0.7, cap: { field: new, most: 4 } } }",
];

Deno.test("recotem recommend --recipe gives customers, and a stranger, what :recommend gives, whatever serving says", async (test) => {
  const { interactions, recommender } = await retail();
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const model = await MODELS.similarity!(interactions.matrix);
    const path = `${folder}/retail.recotem`;
    const header = { ...HEADER, model_kind: model.kind };
    const tensors = recommender(model).tensors();
    await createStore().write(path, encodeArtifact(header, tensors, KEYS));
    const served = await openRecommender(path, { keys: KEYS });
    const users = Array.from(
      { length: Math.ceil(interactions.users.size / STEP) },
      (_, n) => interactions.users.id(n * STEP),
    );
    users.push("a stranger");
    const uri = `${folder}/users.txt`;
    await Deno.writeTextFile(uri, users.join("\n"));
    let plain: string[] | null = null;
    for (const serving of BLOCKS) {
      await test.step(serving, async () => {
        const said = await servingRecipe(serving, ["title", "price", "new"]);
        const client = new Client({
          entries: [
            entry({
              recipe: said,
              model: shopModel({}, { recommender: served.recommender }),
            }),
          ],
        });
        const lines: string[] = [];
        for (const user of users) {
          const response = await client.verb("shop:recommend", {
            user_id: user,
          });
          const answer = await response.text();
          const items = /"items":(\[.*?\])(,"(fallback|counts)":.*)?\}$/.exec(
            answer,
          )?.[1];
          if (items === undefined) {
            assertEquals([response.status, user], [404, "a stranger"], answer);
            continue;
          }
          const fallback = user === "a stranger";
          const told = said.serving.fallback === "popular"
            ? `,"fallback":${fallback}`
            : "";
          lines.push(
            `{"user_id":${JSON.stringify(user)}${told},"items":${items}}`,
          );
        }
        const wanted = wantedLists(UNSAID, said.serving);
        const bulk = await inBulk(path, folder, wanted, { uri, column: null });
        assertEquals(bulk, lines);
        assert(bulk.length >= users.length - 1);
        plain ??= bulk;
        if (serving !== "{}") assertNotEquals(bulk, plain);
        if (serving === "{}") {
          assertEquals(
            await inBulk(path, folder, wantedLists(UNSAID, null), {
              ...{ uri, column: null },
            }),
            bulk,
          );
        }
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
