import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { SILENT } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";
import {
  createModelLoader,
  type ModelLoaderOptions,
} from "../../serve/create_model_loader.ts";
import type { ModelLoader } from "../../serve/model_loader.ts";
import { CAPS } from "../artifact/fixture.ts";
import { RecordingStore } from "./recording_store.ts";
import { KEYS, shopArtifact, type ShopOptions } from "./shop.ts";

/** A temporary folder with the place of one artifact. */
class Bench implements AsyncDisposable {
  readonly store: RecordingStore = new RecordingStore();
  readonly recipe: Recipe;
  readonly #folder: string;

  private constructor(folder: string, recipe: Recipe) {
    this.#folder = folder;
    this.recipe = recipe;
  }

  static async make(): Promise<Bench> {
    const folder = await Deno.makeTempDir();
    const recipe = await parseRecipe(
      new TextEncoder().encode(`
name: shop
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: ${folder}/shop.recotem }
`),
      { path: "shop.yaml", env: new Map() },
    );
    return new Bench(folder, recipe);
  }

  loader(options: Partial<ModelLoaderOptions> = {}): ModelLoader {
    return createModelLoader({
      ...CAPS,
      store: this.store,
      keys: KEYS,
      deniedFields: [],
      allowRollback: false,
      now: () => new Date(0),
      events: SILENT,
      ...options,
    });
  }

  /** Writes the artifact; `damage` may change its bytes. */
  async publish(
    options: ShopOptions = {},
    damage: (bytes: Uint8Array) => void = () => {},
  ): Promise<void> {
    const bytes = await shopArtifact(options);
    damage(bytes);
    await this.store.write(this.recipe.output.path, [bytes]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Deno.remove(this.#folder, { recursive: true });
  }
}

const NEVER = new AbortController().signal;
/** A catalogue whose artifact takes about 200 kB. */
const LARGE: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from({ length: 10_000 }, (_, i) => [`item ${10_000 + i}`, i]),
);

function flipLastBit(bytes: Uint8Array): void {
  bytes[bytes.length - 1]! ^= 1;
}

/** Runs something; returns how many bytes WebAssembly memories grew by. */
async function grownBy(run: () => Promise<void>): Promise<number> {
  const { grow } = WebAssembly.Memory.prototype;
  let pages = 0;
  WebAssembly.Memory.prototype.grow = function (delta): number {
    pages += delta;
    return grow.call(this, delta);
  };
  try {
    await run();
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
  return pages * 65536;
}

Deno.test("createModelLoader() gives a model that answers", async () => {
  await using bench = await Bench.make();
  await bench.publish({ trainedAt: "2026-06-03T00:00:00Z" });
  const model = await bench.loader().load(bench.recipe, null, NEVER);
  assertEquals(model.header.trained_at, "2026-06-03T00:00:00Z");
  assertEquals(model.kid, "test");
  const { recommender } = model;
  const { items } = recommender.recommend(recommender.users.indexOf("bob"), {
    limit: 2,
  });
  assertEquals(Array.from(items, (item) => recommender.items.id(item)), [
    "cheese",
    "apple",
  ]);
});

Deno.test("createModelLoader() gives the model that serves when the artifact is the one it came from", async () => {
  await using bench = await Bench.make();
  const loader = bench.loader();
  await bench.publish();
  const first = await loader.load(bench.recipe, null, NEVER);
  await bench.publish();
  assertStrictEquals(await loader.load(bench.recipe, first, NEVER), first);
  await bench.publish({ trainedAt: "2026-06-03T00:00:00Z" });
  const second = await loader.load(bench.recipe, first, NEVER);
  assert(second !== first);
});

Deno.test("createModelLoader() uses the memory of released models again, so that swaps take no more and more", async () => {
  await using bench = await Bench.make();
  const loader = bench.loader();
  await bench.publish({ scores: LARGE });
  let model = await loader.load(bench.recipe, null, NEVER);
  const { size } = await Deno.stat(bench.recipe.output.path);
  const grown = await grownBy(async () => {
    for (let i = 10; i < 40; i++) {
      await bench.publish({
        scores: LARGE,
        trainedAt: `2026-06-03T00:00:${i}Z`,
      });
      const next = await loader.load(bench.recipe, model, NEVER);
      loader.release(model);
      model = next;
    }
  });
  assert(grown > 0 && grown < 3 * size, `${grown} bytes for ${size}`);
});

Deno.test("createModelLoader() gives back the memory of what it refuses, and of what serves already", async () => {
  await using bench = await Bench.make();
  const loader = bench.loader();
  await bench.publish({ scores: LARGE });
  const model = await loader.load(bench.recipe, null, NEVER);
  const { size } = await Deno.stat(bench.recipe.output.path);
  const grown = await grownBy(async () => {
    for (let i = 0; i < 20; i++) {
      await bench.publish({ scores: LARGE }, flipLastBit);
      await assertRejects(() => loader.load(bench.recipe, model, NEVER));
      await bench.publish({ scores: LARGE });
      await loader.load(bench.recipe, model, NEVER);
    }
  });
  assert(grown < 2 * size, `${grown} bytes for ${size}`);
});

Deno.test("createModelLoader() stops when it is told to, and gives back the memory", async () => {
  await using bench = await Bench.make();
  const loader = bench.loader();
  await bench.publish({ scores: LARGE });
  await loader.load(bench.recipe, null, NEVER);
  const { size } = await Deno.stat(bench.recipe.output.path);
  const grown = await grownBy(async () => {
    for (let i = 0; i < 10; i++) {
      const stop = new AbortController();
      // From when it is opened on, there is memory for it.
      bench.store.whenOpened = () => stop.abort(new Error("enough"));
      const loading = loader.load(bench.recipe, null, stop.signal);
      await assertRejects(() => loading, Error, "enough");
    }
  });
  assert(grown < 2 * size, `${grown} bytes for ${size}`);
});

Deno.test("createModelLoader() refuses what is larger than the caps", async () => {
  await using bench = await Bench.make();
  await bench.publish({ scores: LARGE });
  const { size } = await Deno.stat(bench.recipe.output.path);
  for (
    const [caps, message] of [
      [{ maxArtifactBytes: size - 1 }, "RECOTEM_MAX_ARTIFACT_BYTES"],
      [{ maxPayloadBytes: size - 5000 }, "RECOTEM_MAX_PAYLOAD_BYTES"],
    ] as const
  ) {
    await assertRejects(
      () => bench.loader(caps).load(bench.recipe, null, NEVER),
      RecotemError,
      message,
    );
  }
  await bench.loader({ maxArtifactBytes: size }).load(
    bench.recipe,
    null,
    NEVER,
  );
});

Deno.test("createModelLoader() without keys takes what was signed by anyone, or changed", async () => {
  await using bench = await Bench.make();
  await bench.publish({}, (bytes) => {
    bytes[20]! ^= 1; // a byte of the MAC
  });
  await assertRejects(
    () => bench.loader().load(bench.recipe, null, NEVER),
    RecotemError,
    "signature",
  );
  const model = await bench.loader({ keys: null })
    .load(bench.recipe, null, NEVER);
  assertEquals(model.kid, "test");
});

Deno.test("createModelLoader() refuses an artifact of a lower sequence than the model that serves, unless it may go back", async () => {
  await using bench = await Bench.make();
  const loader = bench.loader();
  await bench.publish({ trainedAt: "2026-02-02T00:00:00Z", sequence: 9 });
  const model = await loader.load(bench.recipe, null, NEVER);
  await bench.publish({ trainedAt: "2026-03-03T00:00:00Z", sequence: 8 });
  const error = await assertRejects(
    () => loader.load(bench.recipe, model, NEVER),
    RecotemError,
    "before the one that serves",
  );
  assertEquals(error.details.reason, "rollback");
  const back = bench.loader({ allowRollback: true });
  const old = await back.load(bench.recipe, model, NEVER);
  assertEquals(old.header.sequence, 8);
  // At start there is nothing to compare with.
  assertEquals(
    (await loader.load(bench.recipe, null, NEVER)).header.sequence,
    8,
  );
});

Deno.test("createModelLoader() goes by the time of training where an artifact has no sequence", async () => {
  await using bench = await Bench.make();
  const loader = bench.loader();
  await bench.publish({ trainedAt: "2026-02-02T00:00:00Z" });
  const model = await loader.load(bench.recipe, null, NEVER);
  await bench.publish({ trainedAt: "2026-02-01T23:59:59Z" });
  await assertRejects(() => loader.load(bench.recipe, model, NEVER));
  const trainedAt = "2026-02-02T00:00:00Z";
  const sequence = Date.parse(trainedAt) + 1;
  await bench.publish({ trainedAt, sequence });
  const next = await loader.load(bench.recipe, model, NEVER);
  assertEquals(next.header.sequence, sequence);
  await bench.publish({ trainedAt, scores: { apple: 1 } });
  await assertRejects(() => loader.load(bench.recipe, next, NEVER));
});
