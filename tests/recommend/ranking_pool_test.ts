import { assertEquals, assertRejects } from "@std/assert";
import { decodeArtifact } from "../../artifact/decode_artifact.ts";
import { createStore } from "../../core/storage/create_store.ts";
import type { RecommendOptions } from "../../core/models/recommend_options.ts";
import { type SharedModel, shareModel } from "../../recommend/shared_model.ts";
import { openModel } from "../../recommend/open_model.ts";
import { RankingPool } from "../../recommend/ranking_pool.ts";
import { CAPS } from "../artifact/fixture.ts";
import { KEYS, shopArtifact, shopRecommender } from "../serve/shop.ts";

const USERS: Record<string, string[]> = Object.fromEntries(
  Array.from(
    { length: 300 },
    (
      _,
      n,
    ) => [`u${n}`, ["apple", "bread", "cheese"].filter((_, b) => n >> b & 1)],
  ),
);

/** The shop's artifact as threads share it, in WebAssembly memory and outside of it. */
async function sharedModels(): Promise<SharedModel[]> {
  const bytes = await shopArtifact({ users: USERS });
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/shop.recotem`, bytes);
    const opened = await openModel(createStore(), `${folder}/shop.recotem`, {
      keys: KEYS,
      ...CAPS,
    });
    const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
    copy.set(bytes);
    const { header, tensors } = decodeArtifact(copy, { keys: KEYS, ...CAPS });
    return [opened.shared, shareModel(header.model_kind, tensors, null)];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The lists of a pool, user by user: items and scores. */
async function lists(
  model: SharedModel,
  users: Uint32Array,
  { threads, ...options }: RecommendOptions & { threads: number },
): Promise<[number[], number[]][]> {
  using pool = await RankingPool.start(model, options, threads);
  const slices = await pool.rank(users);
  return slices.flatMap(({ counts, items, scores }) => {
    let end = 0;
    return Array.from(counts, (count): [number[], number[]] => {
      const start = end;
      end += count;
      return [[...items.slice(start, end)], [...scores.slice(start, end)]];
    });
  });
}

Deno.test("RankingPool ranks as one recommender does, on any number of threads, in any memory", async () => {
  const recommender = shopRecommender({ users: USERS });
  // Out of order, and one of them twice.
  const users = Uint32Array.from(
    { length: recommender.users.size + 1 },
    (_, n) => n * 7 % recommender.users.size,
  );
  for (const model of await sharedModels()) {
    for (
      const options of [
        { threads: 1, limit: 3, includeSeen: false },
        { threads: 3, limit: 1000, includeSeen: false },
        { threads: 2, limit: 2, includeSeen: true },
        { threads: 2, limit: 2, exclude: Uint32Array.of(1) },
      ]
    ) {
      assertEquals(
        await lists(model, users, options),
        Array.from(users, (user) => {
          const { items, scores } = recommender.recommend(user, options);
          return [[...items], [...scores]];
        }),
      );
    }
  }
});

Deno.test("RankingPool.rank() of nobody is nothing", async () => {
  const [model] = await sharedModels();
  const options = { threads: 1, limit: 3, includeSeen: false };
  assertEquals(await lists(model!, new Uint32Array(), options), []);
});

Deno.test("RankingPool tells what a worker stumbles over", async () => {
  const [model] = await sharedModels();
  await assertRejects(
    () => RankingPool.start({ ...model!, kind: "oracle" }, { limit: 3 }, 2),
    Error,
    'Model kind "oracle" is unknown',
  );
  await assertRejects(
    () => lists(model!, Uint32Array.of(9999), { threads: 2, limit: 3 }),
    Error,
    "Cannot recommend to user 9999",
  );
});
