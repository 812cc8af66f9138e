import type { RecipeEntry } from "../core/recipe/load_recipes_directory.ts";
import { join } from "../core/std/path.ts";

/** The folder that recipes are served from. */
export class RecipeFolder {
  readonly #path: string;
  readonly #load: () => Promise<readonly RecipeEntry[]>;
  #state: string | null = null;

  /**
   * @param path The folder.
   * @param load Reads all its recipes.
   */
  constructor(path: string, load: () => Promise<readonly RecipeEntry[]>) {
    this.#path = path;
    this.#load = load;
  }

  /**
   * All recipes, or null when no file has changed since the last call: parsing a hundred recipes at every look would
   * hold up requests.
   *
   * @throws What loading throws when the folder cannot be read.
   */
  async changes(): Promise<readonly RecipeEntry[] | null> {
    // Taken before reading, so that a change in between is seen by the next call.
    const state = await this.#readState();
    if (state !== null && state === this.#state) return null;
    const recipes = await this.#load();
    // A file that could not be read may be readable again without having changed.
    const settled = recipes.every(({ errorClass }) => errorClass !== "io");
    this.#state = settled ? state : null;
    return recipes;
  }

  /** Null when the folder cannot be read: loading it says what is wrong. */
  async #readState(): Promise<string | null> {
    const files: string[] = [];
    try {
      for await (const { name } of Deno.readDir(this.#path)) {
        if (!name.endsWith(".yaml")) continue;
        files.push(`${name} ${await stateOf(join(this.#path, name))}`);
      }
    } catch {
      return null;
    }
    return files.sort().join("\n");
  }
}

/** What changes when a file does, or when a link leads elsewhere. */
async function stateOf(path: string): Promise<string> {
  try {
    const { mtime, size, ino, dev } = await Deno.stat(path);
    return `${mtime?.getTime()} ${size} ${ino} ${dev}`;
  } catch (error) {
    // Gone since it was listed, or a link to nothing: reading it says what is wrong.
    return error instanceof Error ? error.name : "unknown";
  }
}
