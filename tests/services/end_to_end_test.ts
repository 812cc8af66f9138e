import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { SILENT } from "../../core/config/events.ts";
import { createStore } from "../../core/storage/create_store.ts";
import type { Store } from "../../core/storage/store.ts";
import { uriPermissions } from "../../core/storage/uri_permissions.ts";
import { storesFromEnv } from "../../core/storage/stores_from_env.ts";
import { Audit, compareWithGrants } from "../audit.ts";
import { RecipeFolder } from "../cli/recipe_folder.ts";
import { type Outcome, recotem } from "../cli/recotem.ts";
import { type Cloud, CLOUDS } from "./clouds.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));
const KEYS = `shop:${"5a".repeat(32)}`;
const TITLES = "item_id,title\nb1,Ivanhoe\nb2,Emma\nb3,Persuasion\n";

/** Ten readers, each of three of five books; the last has read neither b2 nor b3, and all others the favourite. */
function loans(favourite: string): string {
  const rows = Array.from(
    { length: 30 },
    (_, i) =>
      `r${i % 10},${i < 9 ? favourite : `b${(i % 10 + (i / 10 | 0)) % 5}`}\n`,
  );
  return "reader,book\n" + rows.join("");
}

function recipe(root: string): string {
  return `
name: books
source: { type: csv, path: "${root}/in/loans.csv" }
schema: { user_column: reader, item_column: book }
item_metadata: { type: csv, path: "${root}/in/titles.csv", fields: [title], on_field_missing: error }
training: { algorithms: [TopPop], n_trials: 1, split: { heldout_ratio: 0.5 } }
output: { path: "${root}/out/books.recotem" }
`;
}

/** A folder with a recipe whose data and output lie in an object store. */
async function project(cloud: Cloud): Promise<
  {
    folder: RecipeFolder;
    store: Store;
    run(argv: string[], env?: Record<string, string>): Promise<Outcome>;
    env: Record<string, string>;
  } & AsyncDisposable
> {
  const folder = await RecipeFolder.make(recipe(cloud.root));
  const store = createStore(
    storesFromEnv(new Map(Object.entries(cloud.env)), {
      maxDownloadBytes: 0,
      events: SILENT,
    }),
  );
  const env = {
    ...cloud.env,
    RECOTEM_SIGNING_KEYS: KEYS,
    RECOTEM_LOCK_DIR: `${folder.path}/locks`,
  };
  await put(store, `${cloud.root}/in/loans.csv`, loans("b2"));
  await put(store, `${cloud.root}/in/titles.csv`, TITLES);
  return {
    folder,
    store,
    env,
    run: (argv, more) =>
      recotem(argv, { cwd: folder.path, env: { ...env, ...more } }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function put(store: Store, uri: string, text: string): Promise<void> {
  await store.write(uri, [new TextEncoder().encode(text)]);
}

/** Asks until the answer is yes. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (await ask().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It never came");
}

for (const [scheme, start] of Object.entries(CLOUDS)) {
  Deno.test(`recotem train reads data from ${scheme} and publishes there, and asks for what the recipe names`, async () => {
    await using cloud = await start();
    await using books = await project(cloud);
    const { out } = await books.run(["permissions", "books.yaml", "--json"]);
    const granted = JSON.parse(out);
    assertEquals(granted.net, [cloud.host]);
    assertEquals(granted.write, [`${books.folder.path}/locks`]);
    using audit = new Audit();
    const { code, err } = await books.run(["train", "books.yaml"], audit.env);
    assertEquals(code, 0, err);
    assertEquals(
      compareWithGrants(audit.asked(), granted, books.folder.path),
      { refused: [], unused: [] },
    );
    const names = await Array.fromAsync(
      books.store.list(`${cloud.root}/out`),
    );
    assertEquals(names.length, 4);
    const inspected = await books.run([
      "inspect",
      `${cloud.root}/out/books.recotem`,
    ], { RECOTEM_LOG_LEVEL: "warn" });
    assertEquals([inspected.code, inspected.err], [0, ""]);
    assertMatch(inspected.out, /^HMAC: OK {2}\(kid='shop'\)\n\{\n/);
    const validated = await books.run(["validate", "books.yaml"]);
    assertEquals(validated.code, 0, validated.err);
  });

  Deno.test(`recotem train keeps two versions in ${scheme}, and recotem prune one`, async () => {
    await using cloud = await start();
    await using books = await project(cloud);
    const text = recipe(cloud.root)
      .replace('books.recotem"', 'books.recotem", keep: 2');
    await books.folder.write("books.yaml", text);
    const published: string[] = [];
    for (let run = 0; run < 3; run++) {
      const { code, err } = await books.run(["train", "books.yaml"]);
      assertEquals(code, 0, err);
      const artifact = /"artifact":"[^"]*\/([^"\/]+)"/.exec(err)![1]!;
      published.push(artifact);
      const names = (await Array.fromAsync(
        books.store.list(`${cloud.root}/out`),
      )).map(({ name }) => name).filter((name) => !/html|json/.test(name));
      assertEquals(
        names.sort(),
        ["books.recotem", ...published.slice(-2)].sort(),
      );
      // The clocks of some count in seconds.
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const answered = await books.run([
      ...["recommend", `${cloud.root}/out/books.recotem`, "--limit=1"],
      ...["--users", `${cloud.root}/in/loans.csv`, "--column", "reader"],
      ...["--out", `${books.folder.path}/answers.csv`],
    ], { RECOTEM_LOG_LEVEL: "warn" });
    assertEquals([answered.code, answered.err], [0, ""]);
    assertMatch(answered.out, /: 30 rows for 30 users, 0 unknown\n$/);
    const { code, out, err } = await books.run([
      "prune",
      "books.yaml",
      "--keep=1",
    ], { RECOTEM_LOG_LEVEL: "warn" });
    assertEquals([code, err], [0, ""]);
    assertEquals(
      out.split("\n").filter((uri) => uri.endsWith(".recotem")),
      [`${cloud.root}/out/${published[1]}`],
    );
  });

  Deno.test(`recotem tells what it cannot find in ${scheme}`, async () => {
    await using cloud = await start();
    await using books = await project(cloud);
    const inspected = await books.run([
      "inspect",
      `${cloud.root}/out/books.recotem`,
    ]);
    assertEquals(inspected.code, 5);
    assertMatch(inspected.err, /books\.recotem does not exist/);
    await books.folder.write(
      "books.yaml",
      recipe(cloud.root).replace("loans.csv", "none.csv"),
    );
    for (const command of ["validate", "train"]) {
      const { code, err } = await books.run([command, "books.yaml"]);
      assertEquals(code, 3);
      assertMatch(err, /in\/none\.csv: there is no such file/);
    }
  });

  Deno.test(`recotem serve loads a model from ${scheme}, and takes the next one without a stop`, async () => {
    await using cloud = await start();
    await using books = await project(cloud);
    const trained = await books.run(["train", "books.yaml"]);
    assertEquals(trained.code, 0, trained.err);
    await Deno.mkdir(`${books.folder.path}/recipes`);
    await Deno.copyFile(
      `${books.folder.path}/books.yaml`,
      `${books.folder.path}/recipes/books.yaml`,
    );
    const port = freePort();
    using audit = new Audit();
    const server = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", MAIN, "serve", "--recipes", "recipes"],
      cwd: books.folder.path,
      env: {
        ...books.env,
        ...audit.env,
        RECOTEM_PORT: String(port),
        RECOTEM_WATCH_INTERVAL: "1",
      },
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      await until(() => isRecommended(port, "Emma"));
      await put(books.store, `${cloud.root}/in/loans.csv`, loans("b3"));
      const again = await books.run(["train", "books.yaml"]);
      assertEquals(again.code, 0, again.err);
      await until(() => isRecommended(port, "Persuasion"));
    } finally {
      server.kill("SIGTERM");
      await server.status;
    }
    const { env } = uriPermissions(
      cloud.root,
      new Map(Object.entries(cloud.env)),
    );
    const granted = {
      read: ["recipes"],
      write: [],
      net: [`127.0.0.1:${port}`, cloud.host],
      env: ["RECOTEM_*", ...env],
    };
    assertEquals(
      compareWithGrants(audit.asked(), granted, books.folder.path),
      { refused: [], unused: [] },
    );
  });
}

/** Whether the last reader is recommended a title before all others. */
async function isRecommended(port: number, title: string): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/predict/books`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_id: "r9", cutoff: 1 }),
  });
  const { items } = await answer.json();
  return items?.[0].title === title;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
