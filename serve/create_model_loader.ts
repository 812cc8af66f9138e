import type { ArtifactCaps } from "../artifact/artifact_caps.ts";
import type { KeyRing } from "../artifact/key_ring.ts";
import type { HeaderFields } from "../artifact/header.ts";
import { readArtifact } from "../artifact/read_artifact.ts";
import { sequenceOf } from "../artifact/sequence_of.ts";
import type { Events } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import type { Store } from "../core/storage/store.ts";
import { loadRecommender } from "./load_recommender.ts";
import type { ModelLoader } from "./model_loader.ts";
import { type Allocation, ModelMemory } from "./model_memory.ts";
import { ServedModel } from "./served_model.ts";

/** What {@linkcode createModelLoader} needs. */
export interface ModelLoaderOptions extends ArtifactCaps {
  readonly store: Store;
  /** Null takes artifacts without a look at their signature. */
  readonly keys: KeyRing | null;
  /** Item fields that are never answered, in lower case. */
  readonly deniedFields: readonly string[];
  /** Whether an artifact may replace a model of a higher sequence. */
  readonly allowRollback: boolean;
  /** The time. */
  readonly now: () => Date;
  readonly events: Events;
}

/** A loader that reads artifacts of a store into memory where they are scored without being copied. */
export function createModelLoader(options: ModelLoaderOptions): ModelLoader {
  const memory = new ModelMemory();
  const allocations = new WeakMap<ServedModel, readonly Allocation[]>();

  async function load(
    recipe: Recipe,
    current: ServedModel | null,
    signal: AbortSignal,
  ): Promise<ServedModel> {
    const taken: Allocation[] = [];
    let kept = false;
    try {
      const artifact = await readArtifact(options.store, recipe.output.path, {
        ...options,
        recipeName: recipe.name,
        signal,
        allocate(size) {
          const allocation = memory.allocate(size);
          taken.push(allocation);
          return allocation.bytes;
        },
      });
      signal.throwIfAborted();
      if (artifact.digest === current?.digest) return current;
      if (!options.allowRollback) refuseRollback(artifact.header, current);
      const model = new ServedModel(
        artifact,
        loadRecommender(artifact, taken.at(-1)?.kernels),
        { deniedFields: options.deniedFields, loadedAt: options.now() },
      );
      allocations.set(model, taken);
      kept = true;
      return model;
    } finally {
      if (!kept) taken.forEach((allocation) => allocation.free());
    }
  }

  return {
    load,
    release(model) {
      const own = allocations.get(model) ?? [];
      allocations.delete(model);
      model.end(() => {
        model.recommender[Symbol.dispose]();
        own.forEach((allocation) => allocation.free());
      });
    },
  };
}

function refuseRollback(
  offered: HeaderFields,
  current: ServedModel | null,
): void {
  if (!current || sequenceOf(offered) >= sequenceOf(current.header)) return;
  throw new RecotemError(
    "artifact_error",
    `Artifact was trained at ${offered.trained_at}, before the one that serves (${current.header.trained_at}): RECOTEM_ALLOW_ROLLBACK lets it replace that`,
    { details: { reason: "rollback" } },
  );
}
