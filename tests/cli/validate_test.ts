import { assertEquals } from "@std/assert";
import { RecipeFolder } from "./recipe_folder.ts";
import { recotem } from "./recotem.ts";

/** The environment in which only refusals are written to standard error. */
const QUIET = { RECOTEM_LOG_LEVEL: "warn" };

Deno.test("recotem validate prints three lines for a recipe whose source is there, keys or no keys", async () => {
  await using folder = await RecipeFolder.make();
  const outcome = await recotem(["validate", "books.yaml"], {
    cwd: folder.path,
    env: QUIET,
  });
  assertEquals(outcome, {
    code: 0,
    out: "Recipe 'books': schema OK\n" +
      "DataSource: probe OK (csv)\n" +
      "Validation passed.\n",
    err: "",
  });
});

Deno.test("recotem validate reads no data: bytes that are no table pass the probe", async () => {
  await using folder = await RecipeFolder.make();
  await folder.write("data/loans.csv", 'a,"b\n\0');
  const { code } = await recotem(["validate", "books.yaml"], {
    cwd: folder.path,
  });
  assertEquals(code, 0);
});

Deno.test("recotem validate exits with 3 when the source is missing", async () => {
  await using folder = await RecipeFolder.make();
  await Deno.remove(`${folder.path}/data/loans.csv`);
  const outcome = await recotem(["validate", "books.yaml"], {
    cwd: folder.path,
    env: QUIET,
  });
  assertEquals(outcome, {
    code: 3,
    out: "Recipe 'books': schema OK\n",
    err: "Error: Cannot read data/loans.csv: there is no such file\n",
  });
});

Deno.test("recotem validate exits with 2 and prints line and column for a bad recipe", async () => {
  await using folder = await RecipeFolder.make("name: books\nsource: [\n");
  const { code, out, err } = await recotem(["validate", "books.yaml"], {
    cwd: folder.path,
    env: QUIET,
  });
  assertEquals([code, out], [2, ""]);
  assertEquals(/^Error: books\.yaml:\d+:\d+: .*\n$/.test(err), true, err);
});

Deno.test("recotem validate --env-var fills in the recipe, before the environment", async () => {
  await using folder = await RecipeFolder.make(`
name: \${RECOTEM_RECIPE_NAME}
source: { type: csv, path: data/loans.csv }
schema: { user_column: reader, item_column: book }
training: { algorithms: [TopPop] }
output: { path: models/books.recotem }
`);
  const { code, out } = await recotem(
    ["validate", "books.yaml", "--env-var", "RECOTEM_RECIPE_NAME=flag"],
    { cwd: folder.path, env: { RECOTEM_RECIPE_NAME: "environment" } },
  );
  assertEquals(code, 0);
  assertEquals(out.split("\n")[0], "Recipe 'flag': schema OK");
});
