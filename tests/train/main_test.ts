/** The training process by itself, as a container or a compiled executable starts it; tests/e2e runs it by the command. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { KeyRing } from "../../artifact/key_ring.ts";
import { openRecommender } from "../../serve/open_recommender.ts";
import { RecipeFolder } from "../cli/recipe_folder.ts";
import { LOANS } from "./loans.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../train/main.ts"));

const RECIPE = `
name: books
source: { type: csv, path: data/loans.csv }
schema: { user_column: reader, item_column: book }
training: { algorithms: [TopPop], n_trials: 1, split: { heldout_ratio: 0.3 } }
output: { path: models/books.recotem }
`;

/** Runs main() in the folder; the last line of standard error as an event, or as text when it is none. */
async function run(
  folder: RecipeFolder,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...argv],
    cwd: folder.path,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const err = new TextDecoder().decode(stderr);
  const last = err.trimEnd().split("\n").at(-1)!;
  return {
    code,
    out: new TextDecoder().decode(stdout),
    err,
    last: (last.startsWith("{") ? JSON.parse(last) : {}) as Readonly<
      Record<string, unknown>
    >,
  };
}

async function loans(): Promise<RecipeFolder> {
  const folder = await RecipeFolder.make(RECIPE);
  await folder.write("data/loans.csv", LOANS);
  return folder;
}

Deno.test("main() --help prints the help to standard output", async () => {
  await using folder = await loans();
  const { code, out, err } = await run(folder, ["--help"]);
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^Trains the model of one recipe/);
});

Deno.test("main() without a recipe is a usage error, in one line: exit 2", async () => {
  await using folder = await loans();
  const { code, err } = await run(folder, []);
  assertEquals(code, 2);
  assertMatch(err, /^Error: Missing RECIPE [^\n]*\n$/);
});

Deno.test("main() asks for keys before it reads anything: exit 8", async () => {
  await using folder = await loans();
  const { code, last } = await run(folder, ["nowhere.yaml"]);
  assertEquals(code, 8);
  assertEquals([last.event, last.code, last.exit_code], [
    "train_error",
    "signing_key_missing",
    8,
  ]);
});

Deno.test("main() refuses a recipe that is not there: exit 2", async () => {
  await using folder = await loans();
  const { code, last } = await run(folder, ["nowhere.yaml"], {
    RECOTEM_SIGNING_KEYS: `shop:${"5a".repeat(32)}`,
  });
  assertEquals(code, 2);
  assertEquals(
    [last.code, last.error],
    [
      "recipe_error",
      "Error: nowhere.yaml: The recipe cannot be read: there is no such file",
    ],
  );
});

const UNSIGNED = "--dev-allow-unsigned";
const UNDERSTOOD = "--i-understand-this-loads-arbitrary-code";

for (
  const [problem, flags, env, says] of [
    [
      "without its companion",
      [UNSIGNED],
      { RECOTEM_ENV: "development" },
      /needs --i-understand/,
    ],
    [
      "where there is no RECOTEM_ENV",
      [UNSIGNED, UNDERSTOOD],
      {},
      /RECOTEM_ENV/,
    ],
    ["in production", [UNSIGNED, UNDERSTOOD], {
      RECOTEM_ENV: "production",
      RECOTEM_SIGNING_KEYS: `shop:${"5a".repeat(32)}`,
    }, /RECOTEM_ENV/],
  ] as const
) {
  Deno.test(`main() refuses ${UNSIGNED} ${problem}: exit 8`, async () => {
    await using folder = await loans();
    const { code, last } = await run(folder, ["books.yaml", ...flags], env);
    assertEquals([code, last.event, last.code], [
      8,
      "train_error",
      "config_error",
    ]);
    assertMatch(String(last.error), says);
    const names = await Array.fromAsync(Deno.readDir(folder.path));
    assert(!names.some(({ name }) => name === "models"));
  });
}

Deno.test(`main() signs with the key that everyone knows under ${UNSIGNED}, in development`, async () => {
  await using folder = await loans();
  const { code, last } = await run(
    folder,
    ["books.yaml", UNSIGNED, UNDERSTOOD],
    { RECOTEM_ENV: "Development" },
  );
  assertEquals([code, last.event, last.kid], [0, "train_done", "dev"]);
  const { header } = await openRecommender(
    `${folder.path}/models/books.recotem`,
    { keys: KeyRing.developmentUnsigned() },
  );
  assertEquals(header.best_class, "TopPopRecommender");
});

Deno.test("main() keeps the output within RECOTEM_ARTIFACT_ROOT: exit 2", async () => {
  await using folder = await loans();
  await Deno.mkdir(`${folder.path}/models`);
  await Deno.mkdir(`${folder.path}/root`);
  const env = { RECOTEM_SIGNING_KEYS: `shop:${"5a".repeat(32)}` };
  const outside = await run(folder, ["books.yaml"], {
    ...env,
    RECOTEM_ARTIFACT_ROOT: `${folder.path}/root`,
  });
  assertEquals([outside.code, outside.last.code], [2, "recipe_security_error"]);
  const within = await run(folder, ["books.yaml"], {
    ...env,
    RECOTEM_ARTIFACT_ROOT: folder.path,
  });
  assertEquals([within.code, within.last.event], [0, "train_done"]);
});

Deno.test("main() reads no more of a source than RECOTEM_MAX_DOWNLOAD_BYTES: exit 3", async () => {
  await using folder = await loans();
  await folder.write("data/loans.csv", LOANS + "r0,b0,x\n".repeat(2 ** 18));
  const { code, last } = await run(folder, ["books.yaml"], {
    RECOTEM_SIGNING_KEYS: `shop:${"5a".repeat(32)}`,
    RECOTEM_MAX_DOWNLOAD_BYTES: String(2 ** 20),
  });
  assertEquals([code, last.code], [3, "datasource_error"]);
});
