/** Answers in bulk as a recipe says, over the real command line. */
import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Audit, compareWithGrants } from "../audit.ts";
import type { Outcome } from "../cli/recotem.ts";
import { shopArtifact } from "../serve/shop.ts";
import { recommend, recommendFolder } from "./recommend_run.ts";

const ROOT: string = fromFileUrl(import.meta.resolve("../../"));

/** A folder with an artifact, its recipe, and users of whom the artifact knows ann and bob. */
async function shop(
  serving: string,
  name: string = "shop",
): Promise<{ path: string } & AsyncDisposable> {
  const folder = await recommendFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/recipes`);
  await Deno.writeFile(
    `${path}/models/shop.recotem`,
    await shopArtifact({
      fields: [{ name: "cost", type: "number", values: [1, 2, 3, 4] }],
    }),
  );
  await Deno.writeTextFile(
    `${path}/recipes/shop.yaml`,
    `
name: ${name}
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
item_metadata: { type: csv, path: none.csv, fields: [cost, size] }
training: { algorithms: [TopPop] }
output: { path: "\${RECOTEM_RECIPE_MODELS}/shop.recotem" }
serving: ${serving}
`,
  );
  await Deno.writeTextFile(`${path}/users.txt`, "ann\nbob\neve\n");
  return folder;
}

/** Answers the users as the recipe says. */
async function recommendByRecipe(
  path: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return await recommend(path, [
    ...["models/shop.recotem", "--out", "out/a.csv"],
    ...["--recipe", "recipes/shop.yaml", "--users", "users.txt"],
    ...["--env-var", "RECOTEM_RECIPE_MODELS=models", ...argv],
  ], { RECOTEM_LOG_LEVEL: "error", ...env });
}

const SAYS =
  "{ limit: 2, fallback: popular, include_seen: true, filter: { field: cost, lte: 3 } }";

Deno.test("recotem recommend --recipe answers as the recipe says where flags do not, and reads nothing else", async () => {
  await using folder = await shop(SAYS);
  const { path } = folder;
  using audit = new Audit();
  const { code, err } = await recommendByRecipe(
    path,
    ["--limit", "3"],
    audit.env,
  );
  assertEquals([code, err], [0, ""]);
  assertEquals(
    await Deno.readTextFile(`${path}/out/a.csv`),
    [
      "user_id,rank,item_id,score,fallback",
      "ann,1,bread,8,false",
      "ann,2,cheese,4,false",
      "ann,3,apple,2,false",
      "bob,1,bread,8,false",
      "bob,2,cheese,4,false",
      "bob,3,apple,2,false",
      "eve,1,bread,2,true",
      "eve,2,apple,1,true",
      "eve,3,cheese,1,true\n",
    ].join("\n"),
  );
  const file = `${path}/out/a.csv`;
  assertEquals(
    compareWithGrants(audit.asked(), {
      read: [
        ...[`${ROOT}core`, `${ROOT}recommend`, `${path}/models`],
        ...[`${path}/out`, `${path}/recipes/shop.yaml`, `${path}/users.txt`],
      ],
      write: [file, `${file}.partial`, `${file}.partial.journal`],
      net: [],
      env: ["RECOTEM_*"],
    }, path),
    { refused: [], unused: [] },
  );
  const flags = ["--exclude-seen", "--fallback", "none"];
  assertEquals((await recommendByRecipe(path, flags)).code, 0);
  assertEquals(
    await Deno.readTextFile(`${path}/out/a.csv`),
    [
      "user_id,rank,item_id,score",
      "ann,1,bread,8",
      "ann,2,cheese,4",
      "bob,1,cheese,4",
      "bob,2,apple,2\n",
    ].join("\n"),
  );
});

for (
  const [what, serving, name, argv, exit, says, env] of [
    ["of another artifact", "{}", "other", [], 5, /recipe/, {}],
    [
      "that names a field which the items do not have",
      "{ filter: { field: size, eq: 3 } }",
      "shop",
      [],
      2,
      /serving\.filter\.field does not fit the items/,
      {},
    ],
    [
      "that names a field which nobody may see",
      SAYS,
      "shop",
      [],
      2,
      /serving\.filter\.field does not fit the items/,
      { RECOTEM_METADATA_FIELD_DENY: "COST" },
    ],
    [
      "whose lists are too dear",
      "{ diversity: { lambda: 0.5 } }",
      "shop",
      ["--limit", "101"],
      2,
      /--limit must be at most 100/,
      {},
    ],
    ["that is no recipe", "{ limit: none }", "shop", [], 2, /shop\.yaml:/, {}],
  ] as const
) {
  Deno.test(`recotem recommend refuses a recipe ${what} with exit code ${exit}`, async () => {
    await using folder = await shop(serving, name);
    const { code, out, err } = await recommendByRecipe(folder.path, argv, env);
    assertEquals([code, out], [exit, ""], err);
    assertMatch(err, says);
  });
}
