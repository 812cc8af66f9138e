/**
 * That all customers of the example are answered in bulk as the server answers them, one by one, with models of every
 * kind. Takes some seconds because it asks the server about each customer.
 */
import { assert, assertEquals } from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import type { ModelKind } from "../../core/models/model.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { openRecommender } from "../../serve/open_recommender.ts";
import { HEADER, KEYS } from "../artifact/fixture.ts";
import { Client, entry } from "../serve/client.ts";
import { shopModel } from "../serve/shop.ts";
import { inBulk } from "./in_bulk.ts";
import { MODELS, retail } from "./retail.ts";

const LIMIT = 10;
const STORE = createStore();

Deno.test("recotem recommend gives every customer what the server gives, with every kind of model", async (test) => {
  const { interactions, recommender } = await retail();
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const kinds = new Set<ModelKind>();
  try {
    for (const [name, make] of Object.entries(MODELS)) {
      await test.step(name, async () => {
        const model = await make(interactions.matrix);
        kinds.add(model.kind);
        const path = `${folder}/retail.recotem`;
        const header = { ...HEADER, model_kind: model.kind };
        const tensors = recommender(model).tensors();
        await STORE.write(path, encodeArtifact(header, tensors, KEYS));
        const lines = await inBulk(path, folder, {
          options: { limit: LIMIT },
          popular: false,
        });
        assertEquals(lines.length, interactions.users.size);
        const served = await openRecommender(path, { keys: KEYS });
        const client = new Client({
          entries: [
            entry({
              model: shopModel({}, { recommender: served.recommender }),
            }),
          ],
        });
        for (const [user, line] of lines.entries()) {
          const id = interactions.users.id(user);
          const response = await client.predict({ user_id: id, cutoff: LIMIT });
          const answer = await response.text();
          const items = /^\{"items":(\[.*\]),"model":/.exec(answer)![1]!;
          // To the last bit of a score.
          if (line !== `{"user_id":${JSON.stringify(id)},"items":${items}}`) {
            assertEquals(line, answer);
          }
        }
        assert(lines[0]!.includes('"price":'));
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assertEquals(kinds.size, 8);
});
