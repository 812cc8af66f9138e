/**
 * Servers with a playground, in processes of their own.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { parseRecipe, train } from "@recotem/core";
import { freePort, serveCommand } from "../serve_command.ts";
import { KEYS, shopArtifact, type ShopOptions } from "../shop.ts";

const RETAIL: string = fromFileUrl(
  import.meta.resolve("../../../recipes/retail"),
);

/** A server of one folder. */
export class Served implements AsyncDisposable {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly #folder: string;
  readonly #child: Deno.ChildProcess;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    const port = freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#child = serveCommand({
      folder,
      port,
      env: { RECOTEM_ENV: "development", ...env },
    }).spawn();
  }

  /** Serves the retail data: a model of one trial, fast to learn. */
  static async retail(): Promise<Served> {
    const folder = await recipesFolder();
    const text = `
name: retail
source: { type: parquet, path: ${RETAIL}/purchases.parquet }
schema: { user_column: user_id, item_column: item_id, time_column: timestamp }
cleansing: { dedup: keep_last }
item_metadata: { type: csv, path: ${RETAIL}/items.csv, fields: [title, price] }
training: { algorithms: [RP3beta], n_trials: 1 }
output: { path: ${folder}/retail.recotem }
`;
    await Deno.writeTextFile(`${folder}/recipes/retail.yaml`, text);
    const recipe = await parseRecipe(text, {
      path: "retail.yaml",
      env: new Map(),
    });
    await train(recipe, { keys: KEYS });
    return await Served.#until(new Served(folder, {}));
  }

  /** Serves shops, by the names of their recipes. */
  static async shops(
    shops: Readonly<Record<string, ShopOptions>>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Served> {
    const folder = await recipesFolder();
    for (const [name, options] of Object.entries(shops)) {
      await Deno.writeTextFile(
        `${folder}/recipes/${name}.yaml`,
        `
name: ${name}
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: ${folder}/${name}.recotem }
`,
      );
      await Deno.writeFile(
        `${folder}/${name}.recotem`,
        await shopArtifact({ ...options, recipe: name }),
      );
    }
    return await Served.#until(new Served(folder, env));
  }

  static async #until(served: Served): Promise<Served> {
    for (;;) {
      const response = await fetch(`${served.url}/health`).catch(() => null);
      await response?.body?.cancel();
      if (response) return served;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function recipesFolder(): Promise<string> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${folder}/recipes`);
  return folder;
}
