/** What the training process asks the runtime for, and what the runtime refuses it. */
import { assertEquals } from "@std/assert";
import {
  type RecipePermissions,
  recipePermissions,
} from "../../core/recipe/permissions.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import { Audit, compareWithGrants } from "../audit.ts";
import { recotem } from "../cli/recotem.ts";
import { ENV, loansFolder, namesOf, recipe, trainBooks } from "./train_run.ts";

Deno.test("recotem train asks for what its recipe grants and nothing else, workers included", async () => {
  await using folder = await loansFolder(
    recipe({
      training:
        "training: { algorithms: [IALS, CosineKNN], n_trials: 2, split: { heldout_ratio: 0.3, test_ratio: 0.2 }, gate: { max_drop: 0.5 } }",
    }) +
      "item_metadata: { type: csv, path: data/titles.csv, item_id_column: book, fields: [title] }\n",
  );
  const { out } = await recotem(["permissions", "books.yaml", "--json"], {
    cwd: folder.path,
  });
  const granted: RecipePermissions = JSON.parse(out);
  // The gate reads what an earlier run has published.
  assertEquals((await trainBooks(folder)).code, 0);
  using audit = new Audit();
  const { code, events } = await trainBooks(folder, [], {
    env: { ...ENV, ...audit.env },
  });
  assertEquals([code, namesOf(events).at(-1)], [0, "train_done"]);
  assertEquals(compareWithGrants(audit.asked(), granted, folder.path), {
    refused: [],
    unused: [],
  });
});

Deno.test("recotem train asks for nothing of the data when its recipe cannot be used", async () => {
  await using folder = await loansFolder(recipe({ training: "training: {}" }));
  using audit = new Audit();
  const { code } = await trainBooks(folder, [], {
    env: { ...ENV, ...audit.env },
  });
  assertEquals(code, 2);
  const granted = {
    read: [`${folder.path}/books.yaml`],
    write: [],
    net: [],
    env: ["RECOTEM_*"],
  };
  assertEquals(compareWithGrants(audit.asked(), granted, folder.path), {
    refused: [],
    unused: [],
  });
});

/** A server on this machine that counts who comes. */
function counting(): {
  readonly port: number;
  visits(): number;
} & AsyncDisposable {
  let visits = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => {
      visits++;
      return new Response("reader,book\n");
    },
  );
  return {
    port: server.addr.port,
    visits: () => visits,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("a recipe whose source names a host grants that host and port, and no other", async () => {
  await using named = counting();
  await using other = counting();
  await using folder = await loansFolder();
  await folder.write(
    "program.ts",
    `for (const url of Deno.args) {
      try {
        console.log((await fetch(url)).status);
      } catch (error) { console.log(error.name); }
    }`,
  );
  const remote = await parseRecipe(
    recipe({
      source:
        `source: { type: csv, path: "http://127.0.0.1:${named.port}/loans.csv", sha256: "${
          "ab".repeat(32)
        }" }`,
    }),
    { path: "books.yaml", env: new Map() },
  );
  const program = {
    module: `file://${folder.path}/program.ts`,
    permissions: recipePermissions(remote, {
      recipePath: `${folder.path}/books.yaml`,
      env: new Map(),
      artifactRoot: null,
      lockFolder: "/nowhere",
    }),
    argv: [
      `http://127.0.0.1:${named.port}/loans.csv`,
      `http://127.0.0.1:${other.port}/loans.csv`,
      `http://localhost:${named.port}/loans.csv`,
    ],
  };
  const sandbox = import.meta.resolve("../../cli/sandbox.ts");
  await folder.write(
    "parent.ts",
    `import { runSandboxed } from ${JSON.stringify(sandbox)};
    Deno.exit(await runSandboxed(${JSON.stringify(program)}));`,
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
      `${folder.path}/parent.ts`,
    ],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "200\nNotCapable\nNotCapable\n",
  );
  assertEquals([named.visits(), other.visits()], [1, 0]);
});
