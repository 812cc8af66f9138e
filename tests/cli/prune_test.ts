import { assertEquals, assertMatch } from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { publishArtifact } from "../../artifact/publish_artifact.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { CAPS, HEADER, KEYS, TENSORS } from "../artifact/fixture.ts";
import { Audit, compareWithGrants } from "../audit.ts";
import { RecipeFolder } from "./recipe_folder.ts";
import { type Outcome, recotem } from "./recotem.ts";

function recipe(name: string, keep: number | null): string {
  return `
name: ${name}
source: { type: csv, path: data/loans.csv }
schema: { user_column: reader, item_column: book }
training: { algorithms: [TopPop] }
output: { path: models/${name}.recotem, keep: ${keep} }
`;
}

/** A folder with recipes in `recipes`, and three versions of each; answers the names of the versions, the oldest first. */
async function makeFolder(
  recipes: Readonly<Record<string, number | null>>,
): Promise<{ folder: RecipeFolder; versions: Record<string, string[]> }> {
  const folder = await RecipeFolder.make();
  await Deno.mkdir(`${folder.path}/recipes`);
  const versions: Record<string, string[]> = {};
  for (const [name, keep] of Object.entries(recipes)) {
    await folder.write(`recipes/${name}.yaml`, recipe(name, keep));
    versions[name] = [];
    for (const age of [3, 2, 1]) {
      const { artifact } = await publishArtifact(
        createStore(),
        {
          path: `${folder.path}/models/${name}.recotem`,
          versioning: "append_sha",
        },
        encodeArtifact({ ...HEADER, cutoff: age }, TENSORS, KEYS),
        CAPS,
      );
      const written = new Date(Date.now() - 1000 * age);
      await Deno.utime(artifact, written, written);
      versions[name].push(artifact.split("/").at(-1)!);
    }
  }
  return { folder, versions };
}

async function prune(
  folder: RecipeFolder,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  return await recotem(["prune", ...argv], {
    cwd: folder.path,
    env: { RECOTEM_LOG_LEVEL: "warn", ...env },
  });
}

async function models({ path }: RecipeFolder): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${path}/models`));
  return entries.map(({ name }) => name).sort();
}

Deno.test("recotem prune removes what output.keep does not keep, prints it, and asks for no more than it is granted", async () => {
  const { folder, versions } = await makeFolder({ books: 2 });
  await using _ = folder;
  using audit = new Audit();
  const argv = ["recipes/books.yaml"];
  const { code, out, err } = await prune(folder, argv, audit.env);
  assertEquals([code, err], [0, ""]);
  assertEquals(out, `models/${versions.books![0]}\n`);
  assertEquals(
    await models(folder),
    ["books.recotem", ...versions.books!.slice(1)].sort(),
  );
  const granted = {
    read: [`${folder.path}/recipes/books.yaml`, `${folder.path}/models`],
    write: [`${folder.path}/models`],
    net: [],
    env: ["RECOTEM_*"],
  };
  assertEquals(compareWithGrants(audit.asked(), granted, folder.path), {
    refused: [],
    unused: [],
  });
});

Deno.test("recotem prune --dry-run prints the same and may not even write", async () => {
  const { folder, versions } = await makeFolder({ books: null });
  await using _ = folder;
  const before = await models(folder);
  using audit = new Audit();
  const { code, out } = await prune(
    folder,
    ["recipes/books.yaml", "--keep", "1", "--dry-run"],
    audit.env,
  );
  assertEquals(code, 0);
  assertEquals(
    out,
    versions.books!.slice(0, 2).map((name) => `models/${name}\n`).join(""),
  );
  assertEquals(await models(folder), before);
  assertEquals(
    audit.asked().filter(({ permission }) => permission === "write"),
    [],
  );
});

Deno.test("recotem prune of a folder goes through its recipes, each with its own number, or that of --keep", async () => {
  const { folder, versions } = await makeFolder({ books: 2, films: null });
  await using _ = folder;
  const own = await prune(folder, ["recipes"]);
  assertEquals([own.code, own.out], [0, `models/${versions.books![0]}\n`]);
  const { code } = await prune(folder, ["recipes", "--keep", "1"]);
  assertEquals(code, 0);
  assertEquals(
    await models(folder),
    [
      "books.recotem",
      "films.recotem",
      versions.books![2]!,
      versions.films![2]!,
    ].sort(),
  );
});

Deno.test("recotem prune exits with 2 and removes nothing when it does not know all of what is meant", async () => {
  const { folder } = await makeFolder({ books: null });
  await using _ = folder;
  const before = await models(folder);
  await folder.write("recipes/broken.yaml", "name: [");
  for (
    const [argv, says] of [
      [["recipes/books.yaml"], /Nothing says how many versions to keep/],
      [["recipes", "--keep", "1"], /broken\.yaml/],
      [["none.yaml", "--keep", "1"], /there is no such file/],
      [["recipes/books.yaml", "--keep", "0"], /--keep must be a whole number/],
      [["--keep", "1"], /Missing RECIPE/],
    ] as const
  ) {
    const { code, out, err } = await prune(folder, argv);
    assertEquals([code, out], [2, ""], err);
    assertMatch(err, says);
  }
  assertEquals(await models(folder), before);
});
