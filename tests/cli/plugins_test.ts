import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Audit, compareWithGrants } from "../audit.ts";
import { RecipeFolder } from "./recipe_folder.ts";
import { recotem } from "./recotem.ts";

const ECHO: string = fromFileUrl(
  import.meta.resolve("../../recipes/echo/plugin.ts"),
);
const KEYS = `shop:${"5a".repeat(32)}`;

/** A recipe whose source is of a type that is not built in. */
function recipe(source: string): string {
  return `
name: books
source: ${source}
schema: { user_column: user_id, item_column: item_id }
training: { algorithms: [TopPop], n_trials: 1 }
output: { path: models/books.recotem }
`;
}

/** A plugin that reads a file, asks for it, and tries what it was not granted. */
const SPY = `
export default {
  type: "spy",
  noExpandFields: ["Template"],
  permissions: ({ path }) => ({ read: [path], net: ["db.example.org:99"], env: ["SPY_MODE"] }),
  create({ path, template }) {
    return {
      type: "spy",
      async probe() { await Deno.stat(path); },
      async *batches() {
        const { state } = await Deno.permissions.query({ name: "net", host: "example.com" });
        const values = [
          (await Deno.readTextFile(path)).trim(),
          template,
          String(state === "granted"),
          await Deno.readTextFile("/etc/passwd").then(() => "read", (error) => error.name),
        ];
        yield {
          rows: 4,
          columns: new Map(["user_id", "item_id"].map((name) => [name, { type: "text", values }])),
        };
        console.error(JSON.stringify(values));
      },
    };
  },
};
`;

Deno.test("a plugin's source trains: the echo plugin, with no more permissions than the recipe needs", async () => {
  await using folder = await RecipeFolder.make(
    recipe("{ type: echo, n_users: 12, n_rows: 150 }"),
  );
  const env = { RECOTEM_PLUGINS: ECHO, RECOTEM_SIGNING_KEYS: KEYS };
  const valid = await recotem(["validate", "books.yaml"], {
    cwd: folder.path,
    env: { ...env, RECOTEM_LOG_LEVEL: "warn" },
  });
  assertEquals(valid.err, "");
  assertMatch(valid.out, /probe OK \(echo\)/);
  using audit = new Audit();
  const trained = await recotem(["train", "books.yaml"], {
    cwd: folder.path,
    env: { ...env, ...audit.env },
  });
  assertEquals(trained.code, 0, trained.err);
  assertMatch(trained.err, /"n_rows":150/);
  const { out } = await recotem(["permissions", "books.yaml", "--json"], {
    cwd: folder.path,
    env,
  });
  const granted = JSON.parse(out);
  assertEquals(granted.net, []);
  assertEquals(
    compareWithGrants(audit.asked(), granted, folder.path).refused,
    [],
  );
});

Deno.test("a plugin is granted what it asks for and nothing else, and its keys are expanded unless it says no", async () => {
  await using folder = await RecipeFolder.make(
    recipe("{ type: spy, path: '${RECOTEM_RECIPE_FILE}', template: '${X}' }"),
  );
  await folder.write("spy.ts", SPY);
  await folder.write("data/secret.txt", "ivanhoe\n");
  const options = {
    cwd: folder.path,
    env: {
      RECOTEM_PLUGINS: "spy.ts",
      RECOTEM_RECIPE_FILE: "data/secret.txt",
      RECOTEM_SIGNING_KEYS: KEYS,
    },
  };
  const { out } = await recotem(
    ["permissions", "books.yaml", "--json"],
    options,
  );
  const granted = JSON.parse(out);
  assertEquals(granted.net, ["db.example.org:99"]);
  assertEquals(granted.env, ["RECOTEM_*", "SPY_MODE"]);
  assert(granted.read.includes(`${folder.path}/data/secret.txt`));
  const { err } = await recotem(["train", "books.yaml"], options);
  assert(
    err.includes(
      JSON.stringify(["ivanhoe", "${X}", "false", "NotCapable"]),
    ),
    err,
  );
});

Deno.test("what a plugin refuses, or fails at, ends with exit 3 in one sentence", async () => {
  const cases: readonly [source: string, message: RegExp][] = [
    [
      "{ type: echo, n_rows: 1000 }",
      /Source echo failed: .*n_rows must be at most/,
    ],
    ["{ type: echo, nusers: 3 }", /Source echo failed: Unknown key nusers/],
  ];
  for (const [source, message] of cases) {
    await using folder = await RecipeFolder.make(recipe(source));
    const { code, err } = await recotem(["validate", "books.yaml"], {
      cwd: folder.path,
      env: { RECOTEM_PLUGINS: ECHO, RECOTEM_LOG_LEVEL: "warn" },
    });
    assertMatch(err, message);
    assertEquals([code, err.trimEnd().split("\n").length], [3, 1]);
  }
});

Deno.test("a source type that no plugin provides is refused with exit 2, naming those that there are", async () => {
  await using folder = await RecipeFolder.make(recipe("{ type: ecko }"));
  const { code, err } = await recotem(["train", "books.yaml"], {
    cwd: folder.path,
    env: { RECOTEM_PLUGINS: ECHO, RECOTEM_SIGNING_KEYS: KEYS },
  });
  assertMatch(
    err,
    /Unknown source type ecko: there are csv, parquet, sql, bigquery, echo; did you mean/,
  );
  assertEquals(code, 2);
});

/** Fills Deno's cache as an installation without a lock file does: with what the registry says of each package. */
async function cacheWithoutLock(): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--no-lock", "cli/main.ts", "train/main.ts"],
    cwd: fromFileUrl(new URL("../../", import.meta.url)),
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

Deno.test("a module that is no plugin, or provides a type twice, stops the start with exit 3", async () => {
  await cacheWithoutLock();
  await using folder = await RecipeFolder.make();
  await folder.write("none.ts", "export default { type: 'Echo' };");
  await folder.write("csv.ts", SPY.replace('"spy"', '"csv"'));
  const cases: readonly [modules: string, message: RegExp][] = [
    ["none.ts", /Plugin none\.ts must export .* has type, .*create\(\)/],
    [
      "csv.ts",
      /Plugin csv\.ts provides source type csv, as recotem itself does/,
    ],
    [`${ECHO},${ECHO}`, /provides source type echo, as .*plugin\.ts does/],
    ["gone.ts", /Plugin gone\.ts cannot be loaded/],
    ["npm:deno-std@1.4.0/path/mod.js", /Plugin npm:deno-std.* must export/],
  ];
  for (const [modules, message] of cases) {
    const { code, err } = await recotem(["train", "books.yaml"], {
      cwd: folder.path,
      env: { RECOTEM_PLUGINS: modules, RECOTEM_SIGNING_KEYS: KEYS },
    });
    assertMatch(err, message);
    assertEquals(code, 3, err);
  }
});
