import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ModelLoader } from "../../serve/model_loader.ts";
import { WatchedFolder } from "./watched_folder.ts";

const FIRST = "2026-01-01T00:00:00Z";
const SECOND = "2026-02-02T00:00:00Z";
const THIRD = "2026-03-03T00:00:00Z";

/** Names of the recipes that the watcher keeps. */
function names(folder: WatchedFolder): string[] {
  return folder.registry.entries().map(({ name }) => name);
}

Deno.test("Watcher takes up a recipe that comes later, and loads it in the same look", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publish("late", { trainedAt: SECOND });
  await folder.recipe("late");
  assertEquals(await folder.look(), ["recipe_discovered", "recipe_loaded"]);
  assertEquals(folder.trainedAt("late"), SECOND);
  assertEquals(
    folder.registry.get("late")?.path,
    `${folder.path}/recipes/late.yaml`,
  );
  assertEquals(await folder.look(), []);
});

Deno.test("Watcher registers a new recipe at once, even while its artifact is not there", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.recipe("late");
  assertEquals(await folder.look(), ["recipe_discovered"]);
  assertEquals(folder.trainedAt("late"), null);
  assertEquals(folder.error("shop"), null);
});

Deno.test("Watcher drops a recipe whose file is gone, with its model", async () => {
  const released: string[] = [];
  await using folder = await WatchedFolder.withShop((loader) => ({
    load: (...args) => loader.load(...args),
    release(model) {
      released.push(model.header.trained_at);
      loader.release(model);
    },
  }));
  await folder.remove("recipes/shop.yaml");
  assertEquals(await folder.look(), ["recipe_removed"]);
  assertEquals([names(folder), released], [[], [FIRST]]);
  await folder.recipe("shop");
  assertEquals(await folder.look(), ["recipe_discovered", "recipe_loaded"]);
});

Deno.test("Watcher serves a renamed recipe under its new name only", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publish("store", { output: "shop", trainedAt: SECOND });
  await folder.recipe("store", { file: "shop", output: "shop" });
  assertEquals((await folder.look()).toSorted(), [
    "recipe_discovered",
    "recipe_loaded",
    "recipe_removed",
  ]);
  assertEquals([names(folder), folder.trainedAt("store")], [["store"], SECOND]);
});

Deno.test("Watcher keeps the recipe whose file was renamed, and reads nothing again", async () => {
  await using folder = await WatchedFolder.withShop();
  const recipes = `${folder.path}/recipes`;
  await Deno.rename(`${recipes}/shop.yaml`, `${recipes}/other.yaml`);
  assertEquals(await folder.look(), []);
  assertEquals(folder.registry.get("shop")?.path, `${recipes}/other.yaml`);
  assertEquals([names(folder), folder.reads("shop")], [["shop"], 1]);
});

Deno.test("Watcher keeps a recipe whose file turns unreadable under its name, and takes up its repair", async () => {
  await using folder = await WatchedFolder.make();
  await folder.recipe("shop", { file: "file" });
  await folder.publish("shop", { trainedAt: FIRST });
  await folder.look();
  await folder.write("recipes/file.yaml", "name: [");
  assertEquals(await folder.look(), ["recipe_rescan_load_error"]);
  assertEquals([names(folder), folder.trainedAt("shop")], [["shop"], FIRST]);
  assertMatch(folder.error("shop")!, /^YAML parse failed: .*file\.yaml:1:/);
  assertEquals(await folder.look(), []);

  // The recipe that was read last stays in force.
  await folder.publish("shop", { trainedAt: SECOND });
  assertEquals(await folder.look(), ["artifact_hot_swapped"]);
  assertMatch(folder.error("shop")!, /^YAML parse failed/);

  await folder.recipe("shop", { file: "file" });
  assertEquals(await folder.look(), ["recipe_yaml_failure_recovered"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [
    SECOND,
    null,
  ]);
});

Deno.test("Watcher keeps a place for a file that never was a recipe, until it is one", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.write("recipes/file.yaml", "no recipe");
  assertEquals(await folder.look(), ["recipe_discovered"]);
  assertEquals(names(folder), ["file", "shop"]);
  assertMatch(folder.error("file")!, /^YAML parse failed: /);
  await folder.publish("late");
  await folder.recipe("late", { file: "file" });
  assertEquals((await folder.look()).toSorted(), [
    "recipe_discovered",
    "recipe_loaded",
    "recipe_removed",
  ]);
  assertEquals(names(folder), ["late", "shop"]);
});

Deno.test("Watcher shows at most 200 characters of what is wrong with a recipe", async () => {
  await using folder = await WatchedFolder.make();
  const name = "x".repeat(220);
  await folder.write(`recipes/${name}.yaml`, "no recipe");
  await folder.look();
  assertEquals(folder.error(name)?.length, 200);
});

Deno.test("Watcher serves the first of two recipes with one name, and shows the other as an error", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.recipe("shop", { file: "twin", output: "twin" });
  await folder.publish("shop", { output: "twin", trainedAt: SECOND });
  assertEquals(await folder.look(), ["recipe_discovered"]);
  assertEquals(names(folder), ["shop", "twin"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [FIRST, null]);
  assertMatch(folder.error("twin")!, /The name "shop" is taken by/);
  assertEquals(folder.reads("twin"), 0);

  // Without the first, the second has the name.
  await folder.remove("recipes/shop.yaml");
  assertEquals((await folder.look()).toSorted(), [
    "artifact_hot_swapped",
    "recipe_removed",
  ]);
  assertEquals([names(folder), folder.trainedAt("shop")], [["shop"], SECOND]);
});

Deno.test("Watcher gives a name to the file that has it now, when its last one turns unreadable", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.write("recipes/shop.yaml", "name: [");
  await folder.recipe("shop", { file: "twin", output: "twin" });
  await folder.publish("shop", { output: "twin", trainedAt: SECOND });
  await folder.look();
  assertEquals(names(folder), ["shop", "shop_1"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [
    SECOND,
    null,
  ]);
  assertMatch(folder.error("shop_1")!, /^YAML parse failed/);
});

Deno.test("Watcher tells apart a file that keeps its name and a new one called so, both unreadable", async () => {
  await using folder = await WatchedFolder.make();
  await folder.recipe("shop", { file: "file" });
  await folder.publish("shop", { trainedAt: FIRST });
  await folder.look();
  await folder.write("recipes/file.yaml", "name: [");
  await folder.write("recipes/shop.yaml", "name: [");
  await folder.look();
  assertEquals(names(folder), ["shop", "shop_1"]);
  assertEquals(folder.trainedAt("shop"), FIRST);
  assertMatch(folder.error("shop")!, /file\.yaml/);
  assertMatch(folder.error("shop_1")!, /shop\.yaml/);
});

Deno.test("Watcher lets the trouble of one recipe touch no other", async () => {
  await using folder = await WatchedFolder.make();
  const broken = ["corrupt", "missing", "stalled", "unreadable"];
  for (const name of ["shop", ...broken]) {
    await folder.recipe(name);
    await folder.publish(name, { trainedAt: FIRST });
  }
  await folder.look();
  await folder.publishCorrupt("corrupt");
  await folder.remove("missing.recotem");
  folder.store.stalled.add(folder.artifact("stalled"));
  await folder.write("recipes/unreadable.yaml", "[");
  await folder.publish("shop", { trainedAt: SECOND });
  await folder.look();
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [
    SECOND,
    null,
  ]);
  for (const name of broken) {
    assertEquals(folder.trainedAt(name), FIRST);
    assert(folder.error(name) !== null, name);
  }
});

Deno.test("Watcher loads artifacts at once, so that a slow one does not hold up the others", async () => {
  const slow = Promise.withResolvers<void>();
  await using folder = await WatchedFolder.make((loader): ModelLoader => ({
    async load(recipe, ...rest) {
      if (recipe.name === "a-slow") await slow.promise;
      return await loader.load(recipe, ...rest);
    },
    release: (model) => loader.release(model),
  }));
  // The slow one is the first to be loaded.
  for (const name of ["a-slow", "b", "c"]) {
    await folder.recipe(name);
    await folder.publish(name, { trainedAt: FIRST });
  }
  const look = folder.look();
  const loaded = () => ["b", "c"].every((name) => folder.trainedAt(name));
  for (let i = 0; i < 5000 && !loaded(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert(loaded());
  assertEquals(folder.trainedAt("a-slow"), null);
  slow.resolve();
  await look;
  assertEquals(folder.trainedAt("a-slow"), FIRST);
});

Deno.test("Watcher is unhealthy after five looks at a folder that cannot be read, serves on, and recovers", async () => {
  await using folder = await WatchedFolder.withShop();
  const recipes = `${folder.path}/recipes`;
  await Deno.rename(recipes, `${recipes}.kept`);
  for (let i = 0; i < 4; i++) {
    assertEquals(await folder.look(), ["recipes_dir_scan_error"]);
    assertEquals(folder.error("shop"), null);
  }
  assertMatch(
    String(folder.recorded.at(-1)?.fields?.error),
    /recipes folder .* cannot be read/,
  );
  assertEquals(await folder.look(), [
    "recipes_dir_scan_error",
    "artifact_watcher_unhealthy",
  ]);
  assertEquals(folder.error("shop"), "watcher unhealthy");
  assertEquals(await folder.look(), ["recipes_dir_scan_error"]);
  assertEquals(folder.trainedAt("shop"), FIRST);

  // Artifacts are looked at all the same.
  await folder.publish("shop", { trainedAt: SECOND });
  await folder.look();
  assertEquals(folder.trainedAt("shop"), SECOND);

  await Deno.rename(`${recipes}.kept`, recipes);
  assertEquals(await folder.look(), ["artifact_watcher_recovery"]);
  assertEquals(folder.error("shop"), null);
});

Deno.test("Watcher is healthy as long as it can read the folder now and then", async () => {
  await using folder = await WatchedFolder.withShop();
  const recipes = `${folder.path}/recipes`;
  for (let round = 0; round < 2; round++) {
    await Deno.rename(recipes, `${recipes}.kept`);
    for (let i = 0; i < 4; i++) await folder.look();
    await Deno.rename(`${recipes}.kept`, recipes);
    assertEquals(await folder.look(), []);
  }
  assertEquals(folder.error("shop"), null);
});

Deno.test("Watcher.run() looks again and again until it is stopped", async () => {
  await using folder = await WatchedFolder.withShop();
  const running = folder.watcher.run();
  for (const trainedAt of [SECOND, THIRD]) {
    await folder.publish("shop", { trainedAt });
    while (folder.trainedAt("shop") !== trainedAt) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  folder.watcher.stop();
  await running;
  const told = folder.recorded.map(({ event }) => event);
  assertEquals(told.slice(1), [
    "artifact_watcher_started",
    "artifact_hot_swapped",
    "artifact_hot_swapped",
    "artifact_watcher_stopped",
  ]);
});

Deno.test("Watcher loads the version after the one that was removed before it could be opened, and tells of no trouble", async () => {
  await using folder = await WatchedFolder.withShop();
  async function publishVersion(name: string, trainedAt: string) {
    await folder.publish("shop", { output: name, trainedAt });
    await folder.write("shop.recotem", `${name}.recotem\n`);
  }
  await publishVersion("shop.00000001", SECOND);
  // The pointer has been read when two more are published and old ones are removed.
  folder.store.whenOpened = (uri) => {
    if (uri !== folder.artifact("shop")) return;
    Deno.removeSync(folder.artifact("shop.00000001"));
    Deno.renameSync(`${folder.path}/next`, folder.artifact("shop"));
    folder.store.whenOpened = () => {};
  };
  await folder.publish("shop", { output: "shop.00000002", trainedAt: THIRD });
  await folder.write("next", "shop.00000002.recotem\n");
  assertEquals(await folder.look(), ["artifact_hot_swapped"]);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [THIRD, null]);
});

Deno.test("Watcher goes on with a model whose version was removed", async () => {
  await using folder = await WatchedFolder.withShop();
  await folder.publish("shop", { output: "shop.00000001", trainedAt: SECOND });
  await folder.write("shop.recotem", "shop.00000001.recotem\n");
  await folder.look();
  await folder.remove("shop.00000001.recotem");
  assertEquals(await folder.look(), []);
  assertEquals([folder.trainedAt("shop"), folder.error("shop")], [
    SECOND,
    null,
  ]);
});
