import type { ArtifactHeader } from "../artifact/header.ts";
import { readArtifact } from "../artifact/read_artifact.ts";
import type { KeyRing } from "../artifact/key_ring.ts";
import { VARIABLES } from "../core/config/variables.ts";
import type { Recommender } from "../core/models/recommender.ts";
import { createStore } from "../core/storage/create_store.ts";
import type { Store } from "../core/storage/store.ts";
import { loadRecommender } from "./load_recommender.ts";
import { type Allocation, ModelMemory } from "./model_memory.ts";

/** Options of {@linkcode openRecommender}. */
export interface OpenRecommenderOptions {
  /** The artifact must be signed with one of these. */
  readonly keys: KeyRing;
  /** The recipe that the artifact must come from; default: any. */
  readonly recipeName?: string;
  /** Where the artifact lies; default: local files. */
  readonly store?: Store;
  /** Stops reading. */
  readonly signal?: AbortSignal;
}

/** An opened artifact. */
export interface OpenedRecommender {
  /** Answers. */
  readonly recommender: Recommender;
  /** What the artifact says of itself. */
  readonly header: ArtifactHeader;
  /** SHA-256 of the artifact, hex. */
  readonly digest: string;
}

/**
 * Reads an artifact, or the one that a pointer names, verifies it whole and opens the recommender in it. Needs read
 * permission for its folder. Takes the artifact's size in memory, and a quarter of its factors again.
 *
 * @param uri What the recipe calls `output.path`.
 * @throws {RecotemError} `artifact_error` when it cannot be read, trusted or used.
 */
export async function openRecommender(
  uri: string,
  { keys, recipeName, store = createStore(), signal }: OpenRecommenderOptions,
): Promise<OpenedRecommender> {
  const memory = new ModelMemory();
  let allocation: Allocation | undefined;
  const artifact = await readArtifact(store, uri, {
    keys,
    maxArtifactBytes: VARIABLES.RECOTEM_MAX_ARTIFACT_BYTES.default,
    maxPayloadBytes: VARIABLES.RECOTEM_MAX_PAYLOAD_BYTES.default,
    ...(recipeName !== undefined && { recipeName }),
    ...(signal && { signal }),
    allocate(size) {
      allocation = memory.allocate(size);
      return allocation.bytes;
    },
  });
  return {
    recommender: loadRecommender(artifact, allocation?.kernels),
    header: artifact.header,
    digest: artifact.digest,
  };
}
