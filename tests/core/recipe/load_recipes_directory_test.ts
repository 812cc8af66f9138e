import {
  assert,
  assertEquals,
  assertObjectMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { RecotemError } from "../../../core/errors.ts";
import { loadRecipe } from "../../../core/recipe/load_recipe.ts";
import { loadRecipesDirectory } from "../../../core/recipe/load_recipes_directory.ts";
import { recordEvents } from "../record_events.ts";
import { recipeText } from "./_helpers.ts";

const OPTIONS = { env: new Map<string, string>(), artifactRoot: null };

/** A folder with these files, gone after the test. */
async function withFolder(
  files: Record<string, string>,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function named(name: string): string {
  return recipeText({ name: `name: ${name}` });
}

Deno.test("loadRecipesDirectory() reads the .yaml files of the folder in the order of their names", async () => {
  await withFolder({
    "b.yaml": named("first"),
    "a.yaml": named("second"),
    "c.yml": named("third"),
    "d.YAML": named("fourth"),
    ".yaml": named("fifth"),
    "e.yaml.bak": named("sixth"),
  }, async (folder) => {
    await Deno.mkdir(join(folder, "sub.yaml"));
    await Deno.writeTextFile(join(folder, "sub.yaml", "x.yaml"), named("x"));
    await Deno.symlink(join(folder, "sub.yaml"), join(folder, "link.yaml"));
    const events = recordEvents();
    const entries = await loadRecipesDirectory(folder, { ...OPTIONS, events });
    assertEquals(
      entries.map(({ name, path, error }) => [name, path, error]),
      [
        ["second", join(folder, "a.yaml"), null],
        ["first", join(folder, "b.yaml"), null],
      ],
    );
    assertEquals(entries[0]!.recipe!.name, "second");
    assertEquals(events.seen, [
      ["info", "recipe_loaded", {
        name: "second",
        path: join(folder, "a.yaml"),
      }],
      ["info", "recipe_loaded", {
        name: "first",
        path: join(folder, "b.yaml"),
      }],
      ["info", "recipes_directory_loaded_lenient", {
        path: folder,
        ok: 2,
        errors: 0,
      }],
    ]);
  });
});

Deno.test("loadRecipesDirectory() keeps a bad file as a stub under its stem", async () => {
  await withFolder({
    "bad.yaml": "a: [",
    "good.yaml": named("bad"),
    "insecure.yaml": recipeText({ output: "output: { path: 'ftp://h/x' }" }),
    "strange.yaml": recipeText({ schema: "" }),
  }, async (folder) => {
    const events = recordEvents();
    const entries = await loadRecipesDirectory(folder, { ...OPTIONS, events });
    assertEquals(
      entries.map((
        { name, recipe, errorClass },
      ) => [name, recipe === null, errorClass]),
      [
        ["bad_1", true, "parse"],
        ["bad", false, null],
        ["insecure", true, "security"],
        ["strange", true, "schema"],
      ],
    );
    assertStringIncludes(
      entries[0]!.error!,
      `YAML parse failed: ${join(folder, "bad.yaml")}:1:5: Not valid YAML`,
    );
    assertEquals(
      events.seen.map(([level, event]) => [level, event]),
      [
        ["warn", "recipe_load_error_skipped"],
        ["info", "recipe_loaded"],
        ["error", "recipe_security_violation_skipped"],
        ["warn", "recipe_load_error_skipped"],
        ["info", "recipes_directory_loaded_lenient"],
      ],
    );
  });
});

Deno.test("loadRecipesDirectory() takes the first of two recipes of one name", async () => {
  await withFolder(
    { "a.yaml": named("twin"), "b.yaml": named("twin") },
    async (folder) => {
      const events = recordEvents();
      const entries = await loadRecipesDirectory(folder, {
        ...OPTIONS,
        events,
      });
      assertEquals(entries.map(({ name }) => name), ["twin", "b"]);
      assertStringIncludes(entries[1]!.error!, 'The name "twin" is taken by');
      const duplicate = events.seen.find(([, event]) =>
        event === "recipe_duplicate_name_skipped"
      );
      assertEquals(duplicate?.[2], {
        file: join(folder, "b.yaml"),
        name: "twin",
      });
    },
  );
});

Deno.test("loadRecipesDirectory() follows links within the folder and refuses links out of it", async () => {
  await withFolder({ "a.yaml": named("inside") }, async (folder) => {
    await withFolder({ "x.yaml": named("outside") }, async (other) => {
      await Deno.mkdir(join(folder, "..data"));
      await Deno.writeTextFile(
        join(folder, "..data", "b.yaml"),
        named("mounted"),
      );
      await Deno.symlink(join("..data", "b.yaml"), join(folder, "b.yaml"));
      await Deno.symlink(join(other, "x.yaml"), join(folder, "c.yaml"));
      await Deno.symlink(join(folder, "nothing"), join(folder, "d.yaml"));
      const entries = await loadRecipesDirectory(folder, OPTIONS);
      assertEquals(
        entries.map(({ name, errorClass }) => [name, errorClass]),
        [["inside", null], ["mounted", null], ["c", "security"], ["d", "io"]],
      );
      assertStringIncludes(
        entries[2]!.error!,
        "A link out of the recipes folder",
      );
    });
  });
});

Deno.test("loadRecipesDirectory() raises the first error when strict", async () => {
  await withFolder({ "a.yaml": named("a"), "b.yaml": "[" }, async (folder) => {
    const options = { ...OPTIONS, strict: true };
    await assertRejects(
      () => loadRecipesDirectory(folder, options),
      RecotemError,
      "b.yaml:1:2: Not valid YAML",
    );
    await Deno.writeTextFile(join(folder, "b.yaml"), named("b"));
    const events = recordEvents();
    await loadRecipesDirectory(folder, { ...options, events });
    assertEquals(events.seen.at(-1)?.[1], "recipes_directory_loaded");
  });
});

Deno.test("loadRecipesDirectory() refuses a folder that is not there", async () => {
  const error = await assertRejects(
    () => loadRecipesDirectory("/nowhere/at/all", OPTIONS),
    RecotemError,
    "The recipes folder /nowhere/at/all cannot be read",
  );
  assertEquals(error.exitCode, 2);
});

Deno.test("loadRecipesDirectory() answers for an empty folder", async () => {
  await withFolder({}, async (folder) => {
    assertEquals(await loadRecipesDirectory(folder, OPTIONS), []);
  });
});

Deno.test("loadRecipe() says why a file cannot be read", async () => {
  await withFolder({}, async (folder) => {
    const path = join(folder, "x.yaml");
    const missing = await assertRejects(
      () => loadRecipe(path, OPTIONS),
      RecotemError,
      `${path}: The recipe cannot be read: there is no such file`,
    );
    assertEquals([missing.exitCode, missing.details.error_class], [2, "io"]);
    await assertRejects(
      () => loadRecipe(folder, OPTIONS),
      RecotemError,
      "cannot be read: it is a folder",
    );
  });
});

Deno.test("loadRecipe() keeps local outputs within the artifact root, links followed", async () => {
  await withFolder({}, async (folder) => {
    const root = join(folder, "root");
    await Deno.mkdir(join(root, "deep"), { recursive: true });
    await Deno.mkdir(join(folder, "rootless"));
    await Deno.symlink(join(folder, "rootless"), join(root, "out"));
    await Deno.symlink(root, join(folder, "in"));
    const path = join(folder, "r.yaml");
    const load = async (output: string, artifactRoot = root) => {
      await Deno.writeTextFile(
        path,
        recipeText({ output: `output: { path: '${output}' }` }),
      );
      return await loadRecipe(path, { ...OPTIONS, artifactRoot });
    };
    for (
      const inside of [
        join(root, "x.recotem"),
        join(root, "deep", "..", "deep", "x.recotem"),
        `file://${root}/deep/x.recotem`,
        join(folder, "in", "x.recotem"),
        join(root, "..x.recotem"),
        "s3://bucket/x.recotem",
      ]
    ) {
      assertEquals((await load(inside)).output.path, inside);
    }
    for (
      const outside of [
        join(folder, "x.recotem"),
        join(folder, "rootless", "x.recotem"),
        join(root, "..", "x.recotem"),
        join(root, "out", "x.recotem"),
        `file://${folder}/x.recotem`,
        join(root, "missing", "x.recotem"),
        "x.recotem",
      ]
    ) {
      const error = await assertRejects(
        () => load(outside),
        RecotemError,
        `${path}:5:17: Key output.path is not within RECOTEM_ARTIFACT_ROOT`,
      );
      assertEquals([error.code, error.exitCode], ["recipe_security_error", 2]);
    }
    await assertRejects(
      () => load(join(root, "x"), join(folder, "gone")),
      RecotemError,
    );
    assert((await load(join(root, "x"))).name === "books");
  });
});

Deno.test("loadRecipe() tells the text of a recipe, its variables not filled in, and of no other file", async () => {
  const text = recipeText({
    source: "source: { type: csv, path: '${RECOTEM_RECIPE_PATH}' }",
  });
  await withFolder(
    { "a.yaml": text, "b.yaml": "no recipe" },
    async (folder) => {
      const texts: string[] = [];
      const options = {
        env: new Map([["RECOTEM_RECIPE_PATH", "loans.csv"]]),
        artifactRoot: null,
        onText: (text: string) => texts.push(text),
      };
      const { source } = await loadRecipe(join(folder, "a.yaml"), options);
      assertObjectMatch(source, { path: "loans.csv" });
      await assertRejects(() => loadRecipe(join(folder, "b.yaml"), options));
      assertEquals(texts, [text]);
    },
  );
});
