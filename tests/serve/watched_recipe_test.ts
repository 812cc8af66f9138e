import {
  assert,
  assertEquals,
  assertMatch,
  assertStrictEquals,
} from "@std/assert";
import { KeyRing } from "../../artifact/key_ring.ts";
import { publishArtifact } from "../../artifact/publish_artifact.ts";
import { CAPS, headerJson, KEY, sign } from "../artifact/fixture.ts";
import { shopArtifact } from "./shop.ts";
import { WatchedFolder } from "./watched_folder.ts";

const FIRST = "2026-01-01T00:00:00Z";
const SECOND = "2026-02-02T00:00:00Z";
const GONE = "artifact missing or unreadable";

Deno.test("WatchedRecipe loads an artifact, and swaps it for a newer one", async () => {
  await using folder = await WatchedFolder.make();
  await folder.recipe("shop");
  await folder.publish("shop", { trainedAt: FIRST });
  assertEquals(await folder.look(), ["recipe_loaded"]);
  assertEquals(folder.recorded.at(-1)?.fields, {
    name: "shop",
    kid: "test",
    trained_at: FIRST,
    best_class: "TopPopRecommender",
  });
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [FIRST, null]);
  assertEquals(await folder.look(), []);
  assertEquals(folder.reads("shop"), 1);

  await folder.publish("shop", { trainedAt: SECOND });
  assertEquals(await folder.look(), ["artifact_hot_swapped"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [
    SECOND,
    null,
  ]);
});

Deno.test("WatchedRecipe gives back the model that was swapped for another, once the other serves", async () => {
  const released: (string | null)[] = [];
  await using folder = await WatchedFolder.withShop((loader) => ({
    load: (...args) => loader.load(...args),
    release(model) {
      released.push(model.header.trained_at, folder.trainedAt("shop"));
      loader.release(model);
    },
  }));
  await folder.publishCorrupt("shop");
  await folder.look();
  assertEquals(released, []);
  await folder.publish("shop", { trainedAt: SECOND });
  await folder.look();
  assertEquals(released, [FIRST, SECOND]);
});

Deno.test("WatchedRecipe follows a pointer to the version that it names", async () => {
  await using folder = await WatchedFolder.make();
  await folder.recipe("shop");
  const output = {
    path: folder.artifact("shop"),
    versioning: "append_sha",
  } as const;
  for (const trainedAt of [FIRST, SECOND]) {
    const bytes = await shopArtifact({ trainedAt });
    await publishArtifact(folder.store, output, [bytes], CAPS);
    await folder.look();
    assertEquals(folder.trainedAt("shop"), trainedAt);
  }
});

Deno.test("WatchedRecipe keeps the model when its replacement is corrupt, and notes why", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publishCorrupt("shop");
  assertEquals(await folder.look(), ["artifact_load_failed"]);
  assertEquals(folder.recorded.at(-1)?.level, "error");
  assertEquals(folder.recorded.at(-1)?.fields?.reason, "hmac");
  assertEquals(folder.trainedAt("shop"), FIRST);
  assertMatch(folder.error("shop")!, /does not match its signature/);
});

Deno.test("WatchedRecipe clears the error when good bytes come back, the same or others", async () => {
  await using folder = await WatchedFolder.withShop();
  const model = folder.registry.get("shop")!.model;
  await folder.publishCorrupt("shop");
  await folder.look();
  await folder.publish("shop", { trainedAt: FIRST });
  assertEquals(await folder.look(), []);
  assertEquals(folder.error("shop"), null);
  assertStrictEquals(folder.registry.get("shop")!.model, model);

  await folder.publishCorrupt("shop");
  await folder.look();
  await folder.publish("shop", { trainedAt: SECOND });
  assertEquals(await folder.look(), ["artifact_hot_swapped"]);
  assertEquals(folder.error("shop"), null);
});

Deno.test("WatchedRecipe clears the error without reading when the very file comes back", async () => {
  await using folder = await WatchedFolder.withShop();
  const path = folder.artifact("shop");
  await Deno.rename(path, `${path}.kept`);
  await folder.publishCorrupt("shop");
  await folder.look();
  assert(folder.error("shop") !== null);
  const reads = folder.reads("shop");
  await Deno.rename(`${path}.kept`, path);
  assertEquals(await folder.look(), []);
  assertEquals(folder.error("shop"), null);
  assertEquals(folder.reads("shop"), reads);
});

Deno.test("WatchedRecipe serves on when the artifact vanishes, says so once, and clears the error on its return", async () => {
  await using folder = await WatchedFolder.withShop();
  const path = folder.artifact("shop");
  await Deno.rename(path, `${path}.kept`);
  assertEquals(await folder.look(), ["artifact_disappeared"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [FIRST, GONE]);
  assertEquals(await folder.look(), []);
  await Deno.rename(`${path}.kept`, path);
  assertEquals(await folder.look(), []);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [FIRST, null]);
  await Deno.remove(path);
  assertEquals(await folder.look(), ["artifact_disappeared"]);
});

Deno.test("WatchedRecipe waits for an artifact that is not there yet", async () => {
  await using folder = await WatchedFolder.make();
  await folder.recipe("shop");
  assertEquals(await folder.look(), []);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [null, GONE]);
  await folder.publish("shop", { trainedAt: FIRST });
  assertEquals(await folder.look(), ["recipe_loaded"]);
  assertEquals(folder.error("shop"), null);
});

Deno.test("WatchedRecipe reads what could not be loaded again after 10 seconds, then after twice as long, at most 5 minutes", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publishCorrupt("shop");
  await folder.look();
  let reads = folder.reads("shop");
  for (const seconds of [10, 20, 40, 80, 160, 300, 300, 300]) {
    const failedAt = folder.milliseconds;
    for (const early of [0, seconds / 2, seconds - 0.001]) {
      folder.milliseconds = failedAt + 1000 * early;
      assertEquals(await folder.look(), []);
      assertEquals(folder.reads("shop"), reads);
    }
    folder.milliseconds = failedAt + 1000 * seconds;
    assertEquals(await folder.look(), ["artifact_load_failed"]);
    assertEquals(folder.reads("shop"), ++reads);
  }
});

Deno.test("WatchedRecipe reads another artifact at once, however often the last one failed", async () => {
  await using folder = await WatchedFolder.withShop();
  for (let i = 0; i < 3; i++) {
    await folder.publishCorrupt("shop");
    assertEquals(await folder.look(), ["artifact_load_failed"]);
  }
  await folder.publish("shop", { trainedAt: SECOND });
  assertEquals(await folder.look(), ["artifact_hot_swapped"]);
});

Deno.test("WatchedRecipe reads the same bytes under a new date, and swaps nothing", async () => {
  await using folder = await WatchedFolder.withShop();
  const model = folder.registry.get("shop")!.model;
  await Deno.utime(folder.artifact("shop"), 1, 1);
  assertEquals(await folder.look(), []);
  assertEquals(folder.reads("shop"), 2);
  assertStrictEquals(folder.registry.get("shop")!.model, model);
  assertEquals(await folder.look(), []);
  assertEquals(folder.reads("shop"), 2);
});

Deno.test("WatchedRecipe reads the artifact again when its sidecar changes, comes or goes", async () => {
  await using folder = await WatchedFolder.withShop();
  const sidecar = "shop.recotem.sha256";
  let reads = folder.reads("shop");
  for (
    const change of [
      () => folder.write(sidecar, "aa"),
      () => folder.write(sidecar, "bb"),
      () => folder.remove(sidecar),
    ]
  ) {
    await change();
    assertEquals(await folder.look(), []);
    assertEquals(folder.reads("shop"), ++reads);
    assertEquals(await folder.look(), []);
    assertEquals(folder.reads("shop"), reads);
  }
});

Deno.test("WatchedRecipe reads a failed artifact again at once when its sidecar changes", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publishCorrupt("shop");
  await folder.look();
  await folder.write("shop.recotem.sha256", "aa");
  assertEquals(await folder.look(), ["artifact_load_failed"]);
});

Deno.test("WatchedRecipe loads from the new place when the recipe's output path is edited", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publish("shop", { output: "moved", trainedAt: SECOND });
  await folder.recipe("shop", { output: "moved" });
  assertEquals(await folder.look(), ["artifact_hot_swapped"]);
  assertEquals(folder.trainedAt("shop"), SECOND);

  await folder.recipe("shop", { output: "nowhere" });
  assertEquals(await folder.look(), ["artifact_disappeared"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [
    SECOND,
    GONE,
  ]);
  await folder.recipe("shop", { output: "nowhere else" });
  assertEquals(await folder.look(), ["artifact_disappeared"]);
  await folder.recipe("shop", { output: "moved" });
  assertEquals(await folder.look(), []);
  assertEquals(folder.error("shop"), null);
});

Deno.test("WatchedRecipe refuses the artifact of another recipe", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publish("other", { output: "shop" });
  assertEquals(await folder.look(), ["artifact_load_failed"]);
  assertEquals(folder.trainedAt("shop"), FIRST);
  assertMatch(folder.error("shop")!, /belongs to the recipe other/);
});

Deno.test("WatchedRecipe refuses the signature of an unknown key and of a known kid's other key", async () => {
  await using folder = await WatchedFolder.withShop();
  for (
    const [keys, error] of [
      [`else:${KEY.toHex()}`, /unknown kid 'else'/],
      [`test:${"5b".repeat(32)}`, /does not match its signature/],
    ] as const
  ) {
    const bytes = await shopArtifact({}, KeyRing.parse(keys));
    await folder.store.write(folder.artifact("shop"), [bytes]);
    assertEquals(await folder.look(), ["artifact_load_failed"]);
    assertMatch(folder.error("shop")!, error);
    assertEquals(folder.trainedAt("shop"), FIRST);
  }
});

Deno.test("WatchedRecipe tells after three artifacts in a row that were signed well and could not be used", async () => {
  await using folder = await WatchedFolder.withShop();
  const unusable = async (kind: string) => {
    const json = headerJson({ model_kind: kind });
    const bytes = sign(json, new Uint8Array(), { kid: "test" });
    await folder.store.write(folder.artifact("shop"), [bytes]);
  };
  for (const kind of ["one", "two"]) {
    await unusable(kind);
    assertEquals(await folder.look(), ["artifact_load_failed"]);
    assertEquals(folder.recorded.at(-1)?.fields?.reason, "deserialize");
  }
  await unusable("three");
  assertEquals(await folder.look(), [
    "artifact_load_failed",
    "artifact_repeated_post_hmac_failure",
  ]);
  assertEquals(folder.recorded.at(-1)?.fields, { name: "shop", failures: 3 });
  await unusable("four");
  assertEquals(await folder.look(), ["artifact_load_failed"]);
  assertMatch(folder.error("shop")!, /train it again/);
  assertEquals(folder.trainedAt("shop"), FIRST);
});

Deno.test("WatchedRecipe bounds a stat that hangs, and serves on", async () => {
  await using folder = await WatchedFolder.withShop();
  folder.store.stalled.add(folder.artifact("shop"));
  assertEquals(await folder.look(), ["artifact_stat_timeout"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [FIRST, GONE]);
  folder.store.stalled.clear();
  assertEquals(await folder.look(), []);
  assertEquals(folder.error("shop"), null);
});

Deno.test("WatchedRecipe notes an artifact that cannot be looked at", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.remove("shop.recotem");
  await Deno.mkdir(folder.artifact("shop"));
  assertEquals(await folder.look(), ["artifact_stat_failed"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [FIRST, GONE]);
});

Deno.test("WatchedRecipe takes a digest file that it may not look at for one that is not there", async () => {
  await using folder = await WatchedFolder.make();
  folder.store.denied.add(`${folder.artifact("shop")}.sha256`);
  await folder.recipe("shop");
  await folder.publish("shop", { trainedAt: FIRST });
  assertEquals(await folder.look(), ["recipe_loaded"]);
  folder.store.denied.add(folder.artifact("shop"));
  assertEquals(await folder.look(), ["artifact_stat_failed"]);
});

Deno.test("WatchedRecipe keeps the model when an older artifact comes, notes why and counts it", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publish("shop", { trainedAt: SECOND });
  await folder.look();
  await folder.publish("shop", { trainedAt: FIRST, scores: { apple: 1 } });
  await folder.look();
  assertEquals(folder.trainedAt("shop"), SECOND);
  const { error } = folder.registry.get("shop")!;
  assert(error!.includes("RECOTEM_ALLOW_ROLLBACK"), error!);
  const failure = folder.recorded.at(-1)!;
  assertEquals(failure.event, "artifact_load_failed");
  assertEquals(
    [failure.fields?.reason, failure.fields?.serving],
    ["rollback", true],
  );
});

Deno.test("WatchedRecipe tells once that a model is too old, and of the next one again", async () => {
  await using folder = await WatchedFolder.withShop();
  async function told(): Promise<unknown[]> {
    await folder.look();
    return folder.recorded.filter(({ event }) => event === "model_too_old")
      .map(({ fields }) => fields);
  }
  folder.time = new Date("2026-01-01T01:00:00Z");
  assertEquals(await told(), []);
  folder.time = new Date("2026-01-01T01:00:01Z");
  await told();
  const first = { name: "shop", trained_at: FIRST, age_seconds: 3601 };
  assertEquals(await told(), [first]);
  await folder.publish("shop", { trainedAt: SECOND });
  folder.time = new Date("2026-02-02T02:00:00Z");
  await told();
  const second = { name: "shop", trained_at: SECOND, age_seconds: 7200 };
  assertEquals(await told(), [first, second]);
});
