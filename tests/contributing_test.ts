import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { recotem } from "./cli/recotem.ts";

const ROOT = new URL("..", import.meta.url);

/** What the copy needs, to be trained with and tested. */
const COPIED = [
  "deno.json",
  "deno.lock",
  "mod.ts",
  "algorithms",
  "artifact",
  "cli",
  "core",
  "recipes",
  "serve",
  "tests/algorithms",
  "tests/artifact",
  "tests/core",
  "tests/train",
  "tools",
  "train",
];

async function copy(from: URL, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) {
    await Deno.copyFile(from, to);
    return;
  }
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    await copy(new URL(name, `${from}/`), join(to, name));
  }
}

async function edit(path: string, change: (text: string) => string) {
  const before = await Deno.readTextFile(path);
  const after = change(before);
  assert(after !== before, `${path} stayed as it was`);
  await Deno.writeTextFile(path, after);
}

/** The numbered steps below a heading of CONTRIBUTING.md. */
async function steps(heading: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("CONTRIBUTING.md", ROOT));
  const section = text.split(`## ${heading}\n`)[1]!.split("\n## ")[0]!;
  return section.trim().split(/^\d\. /m).slice(1);
}

async function deno(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const out = decoder.decode(stdout) + decoder.decode(stderr);
  assertEquals(code, 0, out);
  return out;
}

Deno.test("CONTRIBUTING's steps add an algorithm that is checked, tested, searched and sealed", async () => {
  const [file, list, kind, test, ...more] = await steps("Add an algorithm");
  assertEquals(more, []);
  const copied = await Deno.makeTempDir();
  try {
    await Promise.all(COPIED.map(async (path) => {
      const to = join(copied, path);
      await Deno.mkdir(join(to, ".."), { recursive: true });
      await copy(new URL(path, ROOT), to);
    }));
    const path = (name: string) => join(copied, name);

    assertMatch(file!, /`algorithms\/rp3beta\.ts` as the pattern/);
    const pattern = await Deno.readTextFile(path("algorithms/rp3beta.ts"));
    await Deno.writeTextFile(
      path("algorithms/newcomer.ts"),
      pattern.replaceAll("rp3beta", "newcomer")
        .replaceAll("Rp3beta", "Newcomer").replaceAll("RP3beta", "Newcomer"),
    );

    assertMatch(list!, /`algorithms\/mod\.ts`[^]*algorithm_names\.ts`/);
    await edit(path("algorithms/mod.ts"), (text) =>
      text
        .replace(
          /(?=import .*nmf\.ts)/,
          'import { newcomer } from "./newcomer.ts";\n',
        )
        .replace(/(?= {2}nmf,)/, "  newcomer,\n"));
    await edit(
      path("core/recipe/algorithm_names.ts"),
      (text) =>
        text.replace(
          /(?= {2}\{ name: "NMF")/,
          '  { name: "Newcomer", aliases: [] },\n',
        ),
    );

    assertMatch(kind!, /^A new kind of model/);
    assertMatch(test!, /`deno task test`: the contract suite picks it up/);
    await deno(copied, "lint", "algorithms", "core/recipe");
    const tested = await deno(
      copied,
      ...["test", "-A", "--filter", "/^(Newcomer|ALGORITHMS) /"],
      "tests/algorithms/mod_test.ts",
    );
    assertMatch(
      tested,
      /Newcomer recommends the same after a way through an artifact \.\.\. ok/,
    );
    assertMatch(tested, /\| 0 failed/);

    await Deno.writeTextFile(
      path("recipe.yaml"),
      `name: shop
source: {type: parquet, path: recipes/retail/purchases.parquet}
schema: {user_column: user_id, item_column: item_id}
training: {algorithms: [newcomer, TopPop], n_trials: 2}
output: {path: shop.recotem}
`,
    );
    const env = { RECOTEM_SIGNING_KEYS: `test:${"ab".repeat(32)}` };
    const main = path("cli/main.ts");
    const trained = await recotem(["train", "recipe.yaml"], {
      cwd: copied,
      env,
      main,
    });
    assertEquals(trained.code, 0, trained.err);
    const { out } = await recotem(["inspect", "shop.recotem"], {
      cwd: copied,
      env,
      main,
    });
    assertMatch(out, /"best_class": "NewcomerRecommender"/);
  } finally {
    await Deno.remove(copied, { recursive: true });
  }
});
