/**
 * A recipe of loans over the command line, whose titles and output lie in an object store.
 *
 * @module
 */
import type { Store } from "../../core/storage/store.ts";
import { RecipeFolder } from "../cli/recipe_folder.ts";
import { type Outcome, recotem } from "../cli/recotem.ts";
import type { BookSource, Loans } from "./book_sources.ts";
import type { Cloud, Variables } from "./clouds.ts";
import { storeOf } from "./data_places.ts";

const KEYS = `shop:${"5a".repeat(32)}`;
const TITLES = "item_id,title\nb1,Ivanhoe\nb2,Emma\nb3,Persuasion\n";

/** Ten readers, each of three of five books; the last has read neither b2 nor b3, and all others the favourite. */
function loansOf(favourite: string): Loans {
  const rows = Array.from({ length: 30 }, (_, i) => i);
  return {
    reader: rows.map((i) => `r${i % 10}`),
    book: rows.map((i) =>
      i < 9 ? favourite : `b${(i % 10 + (i / 10 | 0)) % 5}`
    ),
  };
}

function recipe(root: string, source: string): string {
  return `
name: books
source: ${source}
schema: { user_column: reader, item_column: book }
item_metadata: { type: csv, path: "${root}/in/titles.csv", fields: [title], on_field_missing: error }
training: { algorithms: [TopPop], n_trials: 1, split: { heldout_ratio: 0.5 } }
output: { path: "${root}/out/books.recotem" }
`;
}

/** A folder with such a recipe, `books.yaml`. */
export interface BookProject extends AsyncDisposable {
  readonly folder: RecipeFolder;
  readonly store: Store;
  readonly env: Variables;
  /** Keeps loans, and the recipe of them. */
  lend(favourite: string): Promise<void>;
  run(argv: string[], env?: Variables): Promise<Outcome>;
}

/** Makes the project; what it lends is `b2`. */
export async function bookProject(
  cloud: Cloud,
  source: BookSource,
): Promise<BookProject> {
  const folder = await RecipeFolder.make();
  const store = storeOf(cloud.env);
  const env = {
    ...source.env,
    ...cloud.env,
    RECOTEM_SIGNING_KEYS: KEYS,
    RECOTEM_LOCK_DIR: `${folder.path}/locks`,
  };
  await store.write(`${cloud.root}/in/titles.csv`, [
    new TextEncoder().encode(TITLES),
  ]);
  async function lend(favourite: string): Promise<void> {
    const text = recipe(cloud.root, await source.keep(loansOf(favourite)));
    await folder.write("books.yaml", text);
  }
  await lend("b2");
  return {
    folder,
    store,
    env,
    lend,
    run: (argv, more) =>
      recotem(argv, { cwd: folder.path, env: { ...env, ...more } }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
