import { SILENT } from "../../core/config/events.ts";
import { loadRecipesDirectory } from "../../core/recipe/load_recipes_directory.ts";
import { createModelLoader } from "../../serve/create_model_loader.ts";
import type { ModelLoader } from "../../serve/model_loader.ts";
import { RecipeFolder } from "../../serve/recipe_folder.ts";
import { Registry } from "../../serve/registry.ts";
import { Watcher } from "../../serve/watcher.ts";
import { type RecordedEvent, recordEvents } from "../artifact/record_events.ts";
import { CAPS } from "../artifact/fixture.ts";
import { RecordingStore } from "./recording_store.ts";
import { KEYS, shopArtifact, type ShopOptions } from "./shop.ts";

/**
 * A folder of recipes and one of artifacts, and a watcher that looks at them when it is told to. The clock stands still
 * unless {@linkcode WatchedFolder.milliseconds} is set.
 */
export class WatchedFolder implements AsyncDisposable {
  /** Real path; recipes lie in `recipes`, artifacts beside it. */
  readonly path: string;
  /** The time; models are too old after an hour. */
  time: Date = new Date(0);
  readonly registry: Registry = new Registry({
    maxAgeSeconds: 3600,
    now: () => this.time,
  });
  readonly store: RecordingStore = new RecordingStore();
  readonly recorded: RecordedEvent[];
  readonly watcher: Watcher;
  /** What the watcher's clock shows. */
  milliseconds = 0;
  #told = 0;

  private constructor(
    path: string,
    wrap: (loader: ModelLoader) => ModelLoader,
  ) {
    this.path = path;
    const { events, recorded } = recordEvents();
    this.recorded = recorded;
    const recipes = `${path}/recipes`;
    this.watcher = new Watcher({
      registry: this.registry,
      store: this.store,
      folder: new RecipeFolder(recipes, () =>
        loadRecipesDirectory(recipes, {
          env: new Map(),
          artifactRoot: null,
          events: SILENT,
        })),
      loader: wrap(createModelLoader({
        ...CAPS,
        store: this.store,
        keys: KEYS,
        allowRollback: false,
        deniedFields: [],
        now: () => new Date(0),
        events: SILENT,
      })),
      events,
      intervalSeconds: 0.05,
      parallelism: null,
      now: () => this.milliseconds,
      random: () => 0.5,
    });
  }

  /** Makes the folder; `wrap` may come between the watcher and what loads models. */
  static async make(
    wrap: (loader: ModelLoader) => ModelLoader = (loader) => loader,
  ): Promise<WatchedFolder> {
    const path = await Deno.realPath(await Deno.makeTempDir());
    await Deno.mkdir(`${path}/recipes`);
    return new WatchedFolder(path, wrap);
  }

  /** A folder with the recipe `shop`, its artifact loaded. */
  static async withShop(
    wrap?: (loader: ModelLoader) => ModelLoader,
  ): Promise<WatchedFolder> {
    const folder = await WatchedFolder.make(wrap);
    await folder.recipe("shop");
    await folder.publish("shop", { trainedAt: "2026-01-01T00:00:00Z" });
    await folder.look();
    return folder;
  }

  /** Writes a recipe, by default to the file of its name, with an artifact of its name. */
  async recipe(
    name: string,
    { file = name, output = name }: { file?: string; output?: string } = {},
  ): Promise<void> {
    await this.write(
      `recipes/${file}.yaml`,
      `
name: ${name}
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: ${this.artifact(output)} }
`,
    );
  }

  /** Where the artifact called `name` lies. */
  artifact(name: string): string {
    return `${this.path}/${name}.recotem`;
  }

  /** Puts an artifact of the recipe `name` in the place of the one called `output`. */
  async publish(
    name: string,
    { output = name, ...options }: ShopOptions & { output?: string } = {},
  ): Promise<void> {
    const bytes = await shopArtifact({ recipe: name, ...options });
    await this.store.write(this.artifact(output), [bytes]);
  }

  /** Puts an artifact with one wrong byte in the place of the one called `name`. */
  async publishCorrupt(name: string): Promise<void> {
    const bytes = await shopArtifact({ recipe: name });
    bytes[bytes.length - 1]! ^= 1;
    await this.store.write(this.artifact(name), [bytes]);
  }

  /** Replaces a file of the folder as a whole. */
  async write(name: string, text: string): Promise<void> {
    await this.store.write(`${this.path}/${name}`, [
      new TextEncoder().encode(text),
    ]);
  }

  /** Removes a file of the folder. */
  remove(name: string): Promise<void> {
    return Deno.remove(`${this.path}/${name}`);
  }

  /** Lets the watcher look once; returns the names of the events that it told. */
  async look(): Promise<string[]> {
    await this.watcher.lookAndCount();
    const names = this.recorded.slice(this.#told).map(({ event }) => event);
    this.#told = this.recorded.length;
    return names;
  }

  /** When the model that serves under `name` was trained; null when there is none. */
  trainedAt(name: string): string | null {
    return this.registry.get(name)?.model?.header.trained_at ?? null;
  }

  /** What is wrong with `name`; null when nothing is. */
  error(name: string): string | null {
    const entry = this.registry.get(name);
    if (!entry) throw new Error(`There is no recipe ${name}`);
    return this.registry.errorOf(entry);
  }

  /** How often the artifact called `name` was opened. */
  reads(name: string): number {
    const path = this.artifact(name);
    return this.store.opened.filter((uri) => uri === path).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
