import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { RecipeFolder } from "./recipe_folder.ts";
import { recotem } from "./recotem.ts";

/** Where the modules lie that workers load. */
const MODULES: readonly string[] = ["algorithms", "core", "train"].map(
  (folder) => fromFileUrl(import.meta.resolve(`../../${folder}`)),
);

Deno.test("recotem permissions prints one flag a line: what the recipe names, and no host when it names none", async () => {
  await using folder = await RecipeFolder.make();
  const { path } = folder;
  const { code, out, err } = await recotem(["permissions", "books.yaml"], {
    cwd: path,
  });
  const read = [
    ...MODULES,
    `${path}/books.yaml`,
    `${path}/data/loans.csv`,
    `${path}/models`,
  ].sort();
  assertEquals(
    out,
    "--no-prompt\n" +
      `--allow-read=${read.join(",")}\n` +
      `--allow-write=${path}/models\n` +
      "--allow-env=RECOTEM_*\n",
  );
  assertEquals([code, err], [0, ""]);
});

Deno.test("recotem permissions --json prints the same as an object", async () => {
  await using folder = await RecipeFolder.make();
  const { out } = await recotem(["permissions", "books.yaml", "--json"], {
    cwd: folder.path,
  });
  const granted = JSON.parse(out);
  assertEquals(Object.keys(granted), ["read", "write", "net", "env"]);
  assertEquals(granted.write, [`${folder.path}/models`]);
  assertEquals(granted.net, []);
});

Deno.test("recotem permissions names the one host of a source on the network", async () => {
  await using folder = await RecipeFolder.make(`
name: books
source:
  type: csv
  path: https://data.example.com/loans.csv
  sha256: "${"ab".repeat(32)}"
schema: { user_column: reader, item_column: book }
training: { algorithms: [TopPop] }
output: { path: models/books.recotem }
`);
  const { out } = await recotem(["permissions", "books.yaml", "--json"], {
    cwd: folder.path,
  });
  assertEquals(JSON.parse(out).net, ["data.example.com:443"]);
});

Deno.test("recotem permissions under deno task takes paths as relative to the caller's folder", async () => {
  await using folder = await RecipeFolder.make();
  const config = fromFileUrl(import.meta.resolve("../../deno.json"));
  // npx, when it runs the tests, sets the variable by which a task knows the caller's folder.
  const { INIT_CWD: _, ...env } = Deno.env.toObject();
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", `--config=${config}`, "permissions", "books.yaml", "--json"],
    cwd: folder.path,
    clearEnv: true,
    env,
    stderr: "null",
  }).output();
  const granted = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(granted.write, [`${folder.path}/models`]);
});
