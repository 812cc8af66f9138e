import { assertEquals, assertRejects } from "@std/assert";
import type { RecipeEntry } from "../../core/recipe/load_recipes_directory.ts";
import { RecipeFolder } from "../../serve/recipe_folder.ts";

/** A temporary folder, and a {@linkcode RecipeFolder} on it that counts how often it loads. */
async function watched(load: () => readonly RecipeEntry[] = () => []) {
  const path = await Deno.makeTempDir();
  let loads = 0;
  const folder = new RecipeFolder(path, () => {
    loads++;
    return Promise.resolve(load());
  });
  return {
    path,
    folder,
    loads: () => loads,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("RecipeFolder.changes() loads once, and then only when a recipe file was written, added, removed or renamed", async () => {
  await using each = await watched();
  const { path, folder, loads } = each;
  assertEquals(await folder.changes(), []);
  let expected = 1;
  const changes: (() => Promise<void>)[] = [
    () => Deno.writeTextFile(`${path}/a.yaml`, "one"),
    () => Deno.writeTextFile(`${path}/a.yaml`, "longer"),
    () => Deno.utime(`${path}/a.yaml`, 1, 1),
    () => Deno.rename(`${path}/a.yaml`, `${path}/b.yaml`),
    () => Deno.remove(`${path}/b.yaml`),
  ];
  for (const change of changes) {
    await change();
    assertEquals(await folder.changes(), []);
    assertEquals(loads(), ++expected);
    assertEquals(await folder.changes(), null);
    assertEquals(loads(), expected);
  }
});

Deno.test("RecipeFolder.changes() sees a link that leads to another file", async () => {
  await using each = await watched();
  const { path, folder } = each;
  // As a mounted volume is updated: all files are links through one link that is swapped.
  for (const version of ["v1", "v2"]) {
    await Deno.mkdir(`${path}/${version}`);
    await Deno.writeTextFile(`${path}/${version}/a.yaml`, "same");
    await Deno.utime(`${path}/${version}/a.yaml`, 1, 1);
  }
  await Deno.symlink("v1", `${path}/data`);
  await Deno.symlink("data/a.yaml", `${path}/a.yaml`);
  await folder.changes();
  assertEquals(await folder.changes(), null);
  await Deno.symlink("v2", `${path}/new`);
  await Deno.rename(`${path}/new`, `${path}/data`);
  assertEquals(await folder.changes(), []);
});

Deno.test("RecipeFolder.changes() ignores other files", async () => {
  await using each = await watched();
  const { path, folder } = each;
  await folder.changes();
  await Deno.writeTextFile(`${path}/a.yml`, "x");
  await Deno.writeTextFile(`${path}/a.yaml.swp`, "x");
  assertEquals(await folder.changes(), null);
});

Deno.test("RecipeFolder.changes() loads again as long as a file could not be read", async () => {
  const unread: RecipeEntry = {
    name: "a",
    path: "a.yaml",
    recipe: null,
    error: "YAML parse failed: a.yaml: The recipe cannot be read",
    errorClass: "io",
  };
  let found: RecipeEntry = unread;
  await using each = await watched(() => [found]);
  assertEquals(await each.folder.changes(), [unread]);
  assertEquals(await each.folder.changes(), [unread]);
  found = { ...unread, errorClass: "schema" };
  await each.folder.changes();
  assertEquals(await each.folder.changes(), null);
});

Deno.test("RecipeFolder.changes() throws what loading throws, each time until it succeeds", async () => {
  let error: Error | null = null;
  await using each = await watched(() => {
    if (error) throw error;
    return [];
  });
  const { path, folder } = each;
  await folder.changes();
  await Deno.remove(path);
  error = new Error("There is no folder");
  assertEquals(await assertRejects(() => folder.changes()), error);
  assertEquals(await assertRejects(() => folder.changes()), error);
  await Deno.mkdir(path);
  await Deno.writeTextFile(`${path}/a.yaml`, "x");
  assertEquals(await assertRejects(() => folder.changes()), error);
  error = null;
  assertEquals(await folder.changes(), []);
  assertEquals(await folder.changes(), null);
});
