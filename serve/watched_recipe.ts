import type { Events } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { deadline } from "../core/std/async.ts";
import type { Store } from "../core/storage/store.ts";
import { describeError } from "./describe_error.ts";
import type { ModelLoader } from "./model_loader.ts";
import type { Registry } from "./registry.ts";
import { safeMessage } from "./safe_message.ts";
import type { ServedModel } from "./served_model.ts";

const LOAD_TIMEOUT_MS = 120_000;
const FIRST_RETRY_MS = 10_000;
const LAST_RETRY_MS = 300_000;
/** After so many artifacts in a row that were signed well and could not be used, the trainer is at fault. */
const DECODE_FAILURES_TOLD = 3;

/** What a {@linkcode WatchedRecipe} works with. */
export interface WatchContext {
  readonly registry: Registry;
  readonly store: Store;
  readonly loader: ModelLoader;
  readonly events: Events;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Longest wait for one look at an artifact. */
  readonly statTimeoutMs: number;
}

/** One recipe, its artifact as last seen, and what is wrong with either. */
export class WatchedRecipe {
  readonly #context: WatchContext;
  readonly #name: string;
  #path = "";
  #recipe: Recipe | null = null;
  #model: ServedModel | null = null;
  #recipeError: string | null = null;
  #artifactError: string | null = null;
  /** State of the artifact that the model came from. */
  #loadedMarker: string | null = null;
  /** State of the artifact that could not be loaded, so that it is not read again at every look. */
  #failed: { marker: string; attempts: number; retryAt: number } | null = null;
  #decodeFailures = 0;
  #missing = false;
  /** The model that was told to be too old. */
  #tooOld: ServedModel | null = null;

  /** Takes the name; {@linkcode WatchedRecipe.update} or {@linkcode WatchedRecipe.fail} registers it. */
  constructor(context: WatchContext, name: string) {
    this.#context = context;
    this.#name = name;
  }

  /** The recipe file. */
  get path(): string {
    return this.#path;
  }

  /** Takes a readable recipe; another output path makes the next look load from there. */
  update(recipe: Recipe, path: string): void {
    if (this.#recipe?.output.path !== recipe.output.path) {
      this.#loadedMarker = null;
      this.#failed = null;
      this.#missing = false;
    }
    if (this.#recipeError !== null) {
      this.#context.events.info("recipe_yaml_failure_recovered", {
        name: this.#name,
      });
    }
    this.#recipe = recipe;
    this.#path = path;
    this.#recipeError = null;
    this.#publish();
  }

  /** Notes that the recipe file cannot be used; a recipe that was read before stays in force. */
  fail(error: string, path: string): void {
    this.#recipeError = safeMessage(error);
    this.#path = path;
    this.#publish();
  }

  /** Drops the recipe and its model. */
  remove(): void {
    this.#context.registry.delete(this.#name);
    if (this.#model) this.#context.loader.release(this.#model);
    this.#model = null;
  }

  /** Looks at the artifact; returns the state to load, or null when there is nothing to do. */
  async look(): Promise<string | null> {
    this.#noteAge();
    if (!this.#recipe) return null;
    const marker = await this.#stat(this.#recipe.output.path);
    if (marker === null) return null;
    this.#missing = false;
    if (marker === this.#loadedMarker) {
      // Whatever was wrong since then is over: the bytes are again those that serve.
      this.#failed = null;
      this.#noteArtifact(null);
      return null;
    }
    const waits = this.#failed?.marker === marker &&
      this.#context.now() < this.#failed.retryAt;
    return waits ? null : marker;
  }

  /** Loads the artifact in the state that {@linkcode look} returned. Never throws. */
  async load(marker: string): Promise<void> {
    if (!this.#recipe) return;
    const timeout = new AbortController();
    try {
      const model = await deadline(
        this.#context.loader.load(this.#recipe, this.#model, timeout.signal),
        LOAD_TIMEOUT_MS,
      );
      this.#loadedMarker = marker;
      this.#failed = null;
      this.#decodeFailures = 0;
      this.#artifactError = null;
      this.#replace(model);
    } catch (error) {
      timeout.abort();
      this.#noteFailedLoad(marker, error);
    }
  }

  #replace(model: ServedModel): void {
    const old = this.#model;
    this.#model = model;
    this.#publish();
    if (old === model) return;
    this.#context.events.info(old ? "artifact_hot_swapped" : "recipe_loaded", {
      name: this.#name,
      kid: model.kid,
      trained_at: model.header.trained_at,
      best_class: model.header.best_class,
    });
    if (old) this.#context.loader.release(old);
  }

  async #stat(uri: string): Promise<string | null> {
    const { store, statTimeoutMs } = this.#context;
    const signal = AbortSignal.timeout(statTimeoutMs);
    try {
      const [artifact, sidecar] = await deadline(
        Promise.all([
          store.stat(uri, signal),
          store.stat(`${uri}.sha256`, signal).catch(absentUnlessFailed),
        ]),
        statTimeoutMs,
      );
      if (artifact) return `${artifact.marker} ${sidecar?.marker ?? ""}`;
      if (!this.#missing && this.#model) {
        this.#context.events.warn("artifact_disappeared", { name: this.#name });
      }
      this.#missing = true;
    } catch (error) {
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      this.#context.events.warn(
        timedOut ? "artifact_stat_timeout" : "artifact_stat_failed",
        { name: this.#name, error: describeError(error) },
      );
    }
    this.#noteArtifact("artifact missing or unreadable");
    return null;
  }

  #noteFailedLoad(marker: string, error: unknown): void {
    const { events, now } = this.#context;
    const attempts = this.#failed?.marker === marker
      ? this.#failed.attempts + 1
      : 1;
    const delay = Math.min(
      FIRST_RETRY_MS * 2 ** (attempts - 1),
      LAST_RETRY_MS,
    );
    this.#failed = { marker, attempts, retryAt: now() + delay };
    const reason = reasonOf(error);
    const message = describeError(error);
    events.error("artifact_load_failed", {
      name: this.#name,
      reason,
      error: message,
      serving: this.#model !== null,
    });
    this.#decodeFailures = reason === "deserialize"
      ? this.#decodeFailures + 1
      : 0;
    if (this.#decodeFailures === DECODE_FAILURES_TOLD) {
      events.error("artifact_repeated_post_hmac_failure", {
        name: this.#name,
        failures: this.#decodeFailures,
      });
    }
    this.#noteArtifact(message);
  }

  #noteAge(): void {
    const { registry, events } = this.#context;
    const model = this.#model;
    if (!model || model === this.#tooOld || !registry.isTooOld(model)) return;
    this.#tooOld = model;
    events.warn("model_too_old", {
      name: this.#name,
      trained_at: model.header.trained_at,
      age_seconds: Math.round(registry.ageOf(model)),
    });
  }

  #noteArtifact(error: string | null): void {
    if (this.#artifactError === error) return;
    this.#artifactError = error;
    this.#publish();
  }

  #publish(): void {
    this.#context.registry.set({
      name: this.#name,
      path: this.#path,
      recipe: this.#recipe,
      model: this.#model,
      error: this.#recipeError ?? this.#artifactError,
    });
  }
}

/** Object stores deny what is not there to those who may read and not list. */
function absentUnlessFailed(error: unknown): null {
  if (error instanceof Deno.errors.PermissionDenied) return null;
  throw error;
}

function reasonOf(error: unknown): string {
  if (error instanceof RecotemError) {
    return String(error.details.reason ?? "read");
  }
  return error instanceof Error && error.name === "TimeoutError"
    ? "timeout"
    : "unexpected";
}
