import type { Recipe } from "../core/recipe/recipe.ts";
import type { ServedModel } from "./served_model.ts";

/** What is known of one recipe; replaced as a whole, never changed. */
export interface Entry {
  /** Name in URLs. */
  readonly name: string;
  /** The recipe file. */
  readonly path: string;
  /** Null while the file has never been readable. */
  readonly recipe: Recipe | null;
  /** Null until an artifact has been loaded. */
  readonly model: ServedModel | null;
  /** What is wrong now; a model that was loaded before goes on serving. */
  readonly error: string | null;
}

/** The recipes that are served, by name. */
export class Registry {
  readonly #entries = new Map<string, Entry>();
  /** Set while the watcher fails again and again, so that what is served may be out of date. */
  watcherUnhealthy = false;

  /** The entry called `name`. */
  get(name: string): Entry | undefined {
    return this.#entries.get(name);
  }

  /** All entries, by name. */
  entries(): readonly Entry[] {
    return [...this.#entries.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Puts an entry in the place of the one of the same name; requests that run keep what they hold. */
  set(entry: Entry): void {
    this.#entries.set(entry.name, entry);
  }

  /** Drops an entry. */
  delete(name: string): void {
    this.#entries.delete(name);
  }

  /** What is wrong with an entry, be it the entry's own trouble or the watcher's. */
  errorOf(entry: Entry): string | null {
    return entry.error ?? (this.watcherUnhealthy ? "watcher unhealthy" : null);
  }
}
