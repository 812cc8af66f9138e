import type { RecipeEntry } from "../core/recipe/load_recipes_directory.ts";
import { delay, pooledMap } from "../core/std/async.ts";
import { describeError } from "./describe_error.ts";
import type { RecipeFolder } from "./recipe_folder.ts";
import { type WatchContext, WatchedRecipe } from "./watched_recipe.ts";

const MAX_CONCURRENT_LOOKS = 16;
const FAILURES_UNTIL_UNHEALTHY = 5;
const JITTER = 0.1;

/** What a {@linkcode Watcher} needs. */
export interface WatcherOptions extends Omit<WatchContext, "statTimeoutMs"> {
  readonly folder: RecipeFolder;
  /** Time between two looks. */
  readonly intervalSeconds: number;
  /** Artifacts that are loaded at once; null: one per recipe, at most 8. */
  readonly parallelism: number | null;
  /** Uniform in [0, 1), so that many servers do not look at the same moment. */
  readonly random: () => number;
}

/** What one look did. */
export interface LookSummary {
  /** Artifacts that were read. */
  readonly attempted: number;
  /** How many were read at once. */
  readonly workers: number;
}

/**
 * Keeps the registry in step with the recipe folder and the artifacts. Recipes do not affect each other: what fails is
 * noted where it failed, and what was loaded before goes on serving.
 */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #context: WatchContext;
  readonly #recipes = new Map<string, WatchedRecipe>();
  readonly #stop = new AbortController();
  #started = false;
  #failures = 0;

  constructor(options: WatcherOptions) {
    this.#options = options;
    const { intervalSeconds } = options;
    this.#context = {
      ...options,
      statTimeoutMs: 1000 * Math.min(Math.max(intervalSeconds, 1), 30),
    };
  }

  /** Reads the folder and all artifacts that changed; throws when the folder cannot be read, after the artifacts. */
  async look(): Promise<LookSummary> {
    let scanError: unknown;
    try {
      const changes = await this.#options.folder.changes();
      if (changes) this.#take(changes);
    } catch (error) {
      scanError = error;
    }
    const summary = await this.#lookAtArtifacts();
    if (scanError !== undefined) throw scanError;
    return summary;
  }

  /** Looks again and again until {@linkcode Watcher.stop}. */
  async run(): Promise<void> {
    const { events, intervalSeconds, random } = this.#options;
    const { signal } = this.#stop;
    events.info("artifact_watcher_started", {
      interval_seconds: intervalSeconds,
    });
    while (!signal.aborted) {
      const factor = 1 + JITTER * (2 * random() - 1);
      try {
        await delay(1000 * intervalSeconds * factor, { signal });
      } catch {
        break;
      }
      await this.lookAndCount();
    }
    events.info("artifact_watcher_stopped");
  }

  /** One look of {@linkcode Watcher.run}: never throws, and tells the registry when looks fail again and again. */
  async lookAndCount(): Promise<void> {
    const { events, registry } = this.#options;
    try {
      await this.look();
      this.#failures = 0;
      if (registry.watcherUnhealthy) {
        registry.watcherUnhealthy = false;
        events.info("artifact_watcher_recovery");
      }
    } catch (error) {
      this.#failures++;
      events.error("recipes_dir_scan_error", {
        error: describeError(error),
        error_class: error instanceof Error ? error.name : "unknown",
      });
      if (this.#failures === FAILURES_UNTIL_UNHEALTHY) {
        registry.watcherUnhealthy = true;
        events.error("artifact_watcher_unhealthy", {
          failures: this.#failures,
        });
      }
    }
  }

  /** Ends {@linkcode Watcher.run} after the look that is under way. */
  stop(): void {
    this.#stop.abort();
  }

  #take(changes: readonly RecipeEntry[]): void {
    const { events } = this.#options;
    const present = new Set<string>();
    for (const [name, { path, recipe, error }] of this.#assignNames(changes)) {
      present.add(name);
      const known = this.#recipes.get(name);
      if (!known && this.#started) {
        events.info("recipe_discovered", { name, path });
      }
      const watched = known ?? new WatchedRecipe(this.#context, name);
      this.#recipes.set(name, watched);
      if (recipe) {
        watched.update(recipe, path);
      } else {
        if (known) events.warn("recipe_rescan_load_error", { name, path });
        watched.fail(error, path);
      }
    }
    for (const [name, watched] of this.#recipes) {
      if (present.has(name)) continue;
      watched.remove();
      this.#recipes.delete(name);
      events.info("recipe_removed", { name });
    }
    this.#started = true;
  }

  /** A file that cannot be read now keeps the name it had while it could, unless another file has that name now. */
  #assignNames(
    changes: readonly RecipeEntry[],
  ): ReadonlyMap<string, RecipeEntry> {
    const previousNames = new Map(
      [...this.#recipes].map(([name, { path }]) => [path, name]),
    );
    const named = new Map<string, RecipeEntry>();
    const unread: RecipeEntry[] = [];
    for (const entry of changes) {
      if (entry.recipe) named.set(entry.name, entry);
      else unread.push(entry);
    }
    for (const entry of unread) {
      const previous = previousNames.get(entry.path);
      let name = previous === undefined || named.has(previous)
        ? entry.name
        : previous;
      while (named.has(name)) name += "_1";
      named.set(name, entry);
    }
    return named;
  }

  async #lookAtArtifacts(): Promise<LookSummary> {
    const changed: { watched: WatchedRecipe; marker: string }[] = [];
    const looks = pooledMap(
      MAX_CONCURRENT_LOOKS,
      this.#recipes.values(),
      async (watched) => ({ watched, marker: await watched.look() }),
    );
    for await (const { watched, marker } of looks) {
      if (marker !== null) changed.push({ watched, marker });
    }
    const workers = this.#options.parallelism ??
      Math.max(1, Math.min(changed.length, 8));
    const loads = pooledMap(
      workers,
      changed,
      ({ watched, marker }) => watched.load(marker),
    );
    for await (const _ of loads); // to its end
    return { attempted: changed.length, workers };
  }
}
