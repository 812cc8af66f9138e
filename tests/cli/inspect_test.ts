import { assertEquals, assertMatch } from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import type { HeaderFields } from "../../artifact/header.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import { RecipeFolder } from "./recipe_folder.ts";
import { type Outcome, recotem } from "./recotem.ts";

const KEYS = `shop:${"5a".repeat(32)}`;
const QUIET = { RECOTEM_LOG_LEVEL: "warn" };

const HEADER: HeaderFields = {
  recipe_name: "books",
  recipe_hash: "ab".repeat(32),
  recotem_version: "0.1.0",
  engine: "reference",
  model_kind: "popularity",
  trained_at: "2026-11-24T00:00:00Z",
  best_class: "TopPopRecommender",
  best_params: {},
  best_score: 0.5,
  metric: "ndcg",
  cutoff: 20,
  tuning: {
    tried_algorithms: ["TopPop"],
    n_trials: 1,
    n_completed: 1,
    n_orphaned: 0,
    best_trial_number: 0,
    search_seed: 1,
  },
  data_stats: {
    n_rows: 1,
    n_users: 1,
    n_items: 1,
    drop_count: 0,
    dedup_policy: "none",
  },
};

/** A folder with a signed artifact in it, and a pointer to it. */
async function makeFolder(): Promise<RecipeFolder> {
  const folder = await RecipeFolder.make();
  const tensors = {
    "model.scores": {
      dtype: "f32",
      shape: [2],
      data: Float32Array.of(1, 2),
    },
  } as const;
  const parts = encodeArtifact(HEADER, tensors, KeyRing.parse(KEYS));
  await Deno.writeFile(
    `${folder.path}/books.0123abcd.recotem`,
    await new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes(),
  );
  await folder.write("books.recotem", "books.0123abcd.recotem\n");
  return folder;
}

async function inspect(
  folder: RecipeFolder,
  env: Record<string, string>,
  ...argv: string[]
): Promise<Outcome> {
  return await recotem(["inspect", ...argv], {
    cwd: folder.path,
    env: { ...QUIET, ...env },
  });
}

for (const file of ["books.0123abcd.recotem", "books.recotem"]) {
  Deno.test(`recotem inspect ${file} prints the verdict, then the header as indented JSON`, async () => {
    await using folder = await makeFolder();
    const { code, out, err } = await inspect(
      folder,
      { RECOTEM_SIGNING_KEYS: KEYS },
      file,
    );
    assertEquals([code, err], [0, ""]);
    const end = out.indexOf("\n");
    assertEquals(out.slice(0, end), "HMAC: OK  (kid='shop')");
    const header = JSON.parse(out.slice(end));
    assertEquals(header.recipe_name, "books");
    assertEquals(out.slice(end + 1), JSON.stringify(header, null, 2) + "\n");
  });
}

Deno.test("recotem inspect refuses an artifact of which one byte was changed", async () => {
  await using folder = await makeFolder();
  const file = `${folder.path}/books.0123abcd.recotem`;
  const bytes = await Deno.readFile(file);
  bytes[bytes.length - 1]! ^= 1;
  await Deno.writeFile(file, bytes);
  const { code, out } = await inspect(
    folder,
    { RECOTEM_SIGNING_KEYS: KEYS },
    "books.recotem",
  );
  assertEquals([code, out], [5, ""]);
});

Deno.test("recotem inspect exits with 8 without keys and 5 with others, never showing one", async () => {
  await using folder = await makeFolder();
  const missing = await inspect(folder, {}, "books.recotem");
  assertEquals([missing.code, missing.out], [8, ""]);
  const other = "c3".repeat(32);
  const wrong = await inspect(
    folder,
    { RECOTEM_SIGNING_KEYS: `shop:${other}` },
    "books.recotem",
  );
  assertEquals([wrong.code, wrong.out], [5, ""]);
  assertEquals(wrong.err.includes(other), false);
});

Deno.test("recotem inspect exits with 5 for a file that is not there", async () => {
  await using folder = await makeFolder();
  const { code } = await inspect(
    folder,
    { RECOTEM_SIGNING_KEYS: KEYS },
    "none.recotem",
  );
  assertEquals(code, 5);
});

Deno.test("recotem inspect --dev-allow-unsigned is refused outside development, before anything is read", async () => {
  await using folder = await makeFolder();
  const { code, err } = await inspect(
    folder,
    {},
    "none.recotem",
    "--dev-allow-unsigned",
  );
  assertEquals(code, 8);
  assertMatch(err, /RECOTEM_ENV is development/);
});

Deno.test("recotem inspect --dev-allow-unsigned does not verify, and says so", async () => {
  await using folder = await makeFolder();
  const { code, out } = await inspect(
    folder,
    { RECOTEM_ENV: "development" },
    "books.recotem",
    "--dev-allow-unsigned",
  );
  assertEquals(code, 0);
  assertMatch(out, /^HMAC: not verified {2}\(kid='shop'\)\n\{/);
});

Deno.test("recotem inspect --dev-allow-unsigned verifies all the same when there are keys", async () => {
  await using folder = await makeFolder();
  const { code, out, err } = await inspect(
    folder,
    { RECOTEM_ENV: "development", RECOTEM_SIGNING_KEYS: KEYS },
    "books.recotem",
    "--dev-allow-unsigned",
  );
  assertEquals(code, 0);
  assertMatch(out, /^HMAC: OK/);
  assertMatch(err, /"dev_allow_unsigned_ignored"/);
});
