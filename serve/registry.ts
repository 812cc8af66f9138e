import { sequenceOf } from "../artifact/sequence_of.ts";
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

/** When a model is too old. */
export interface RegistryOptions {
  /** Seconds after its training; null: never. */
  readonly maxAgeSeconds: number | null;
  /** The time. */
  readonly now: () => Date;
}

/** The recipes that are served, by name. */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry>();
  /** Set while the watcher fails again and again, so that what is served may be out of date. */
  watcherUnhealthy = false;

  /** Models are of any age unless `options` say otherwise. */
  constructor(
    options: RegistryOptions = { maxAgeSeconds: null, now: () => new Date() },
  ) {
    this.#options = options;
  }

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

  /** Seconds since a model was trained. */
  ageOf({ header }: ServedModel): number {
    return (this.#options.now().getTime() - sequenceOf(header)) / 1000;
  }

  /** Whether a model is older than models may be. */
  isTooOld(model: ServedModel): boolean {
    return this.ageOf(model) > (this.#options.maxAgeSeconds ?? Infinity);
  }

  /** What is wrong with an entry, be it the entry's own trouble, the watcher's or the model's age. */
  errorOf({ error, model }: Entry): string | null {
    if (error !== null) return error;
    if (this.watcherUnhealthy) return "watcher unhealthy";
    return model && this.isTooOld(model) ? "model too old" : null;
  }
}
