import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { recipeHash } from "../../../core/recipe/recipe_hash.ts";
import { parse, recipeText } from "./_helpers.ts";

async function hash(blocks: Record<string, string> = {}): Promise<string> {
  return await recipeHash(await parse(recipeText(blocks)));
}

Deno.test("recipeHash() is SHA-256 of the sorted JSON", async () => {
  const json = '{"cleansing":{"dedup":"keep_last","drop_null_ids":true,' +
    '"min_items":null,"min_rows":null,"min_users":null},"item_metadata":null,' +
    '"name":"books","output":{"keep":null,"path":"books.recotem","report":true,"versioning":"append_sha"},' +
    '"schema":{"item_column":"book","time_column":null,"time_unit":null,' +
    '"user_column":"reader"},"source":{"delimiter":",","dtype":null,' +
    '"encoding":"utf-8","header":0,"path":"loans.csv","sha256":null,' +
    '"type":"csv"},"training":{"algorithms":["TopPop"],' +
    '"arithmetic":"fast","cutoff":20,' +
    '"device":"cpu","gate":{"max_drop":null,"min_score":null},"metric":"ndcg","n_trials":40,"parallelism":1,' +
    '"per_algorithm_trials":null,"per_trial_timeout_seconds":null,' +
    '"split":{"heldout_ratio":0.1,"scheme":"random","seed":42,' +
    '"test_ratio":0,"test_user_ratio":1},"storage_path":"","timeout_seconds":null,' +
    '"weights":{"precision":"auto","top_k":"auto"}}}';
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(json),
  );
  assertEquals(await hash(), new Uint8Array(digest).toHex());
});

Deno.test("recipeHash() ignores order, spelling and defaults written out", async () => {
  assertEquals(
    await hash({
      training: "training: { n_trials: '40', algorithms: [TOPPOPrecommender] }",
      source: "source: { path: loans.csv, header: 0, type: csv }",
      cleansing: "cleansing: { drop_null_ids: yes } # as ever",
    }),
    await hash(),
  );
});

Deno.test("recipeHash() changes with every value", async () => {
  const hashes = await Promise.all([
    hash(),
    hash({ name: "name: book" }),
    hash({ output: "output: { path: book.recotem }" }),
    hash({ training: "training: { algorithms: [TopPop, IALS] }" }),
    hash({ training: "training: { algorithms: [IALS, TopPop] }" }),
    hash({ source: "source: { type: parquet, path: loans.csv }" }),
  ]);
  assertEquals(new Set(hashes).size, hashes.length);
  assert(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash)));
});

Deno.test("recipeHash() takes backslashes in paths for slashes, and only there", async () => {
  assertEquals(
    await hash({ source: "source: { type: csv, path: 'a\\b.csv' }" }),
    await hash({ source: "source: { type: csv, path: a/b.csv }" }),
  );
  assertNotEquals(
    await hash({ schema: "schema: { user_column: 'a\\b', item_column: i }" }),
    await hash({ schema: "schema: { user_column: a/b, item_column: i }" }),
  );
});
