import type { HeaderFields } from "../artifact/header.ts";
import {
  readArtifact,
  type ReadArtifactOptions,
} from "../artifact/read_artifact.ts";
import { KernelMemory } from "../core/kernels/kernel_memory.ts";
import type { Recommender } from "../core/models/recommender.ts";
import type { Store } from "../core/storage/store.ts";
import { loadRecommender } from "../serve/load_recommender.ts";
import { type SharedModel, shareModel } from "./shared_model.ts";

/** An artifact that many threads can answer from. */
export interface OpenedModel {
  readonly header: HeaderFields;
  /** SHA-256 of the artifact, hex. */
  readonly digest: string;
  /** For ids and fields; other threads rank. */
  readonly recommender: Recommender;
  readonly shared: SharedModel;
}

/**
 * Reads an artifact, or the one that a pointer names, into shared memory and verifies it whole.
 *
 * @throws {RecotemError} `artifact_error` when it cannot be read, trusted or used.
 */
export async function openModel(
  store: Store,
  uri: string,
  options: Omit<ReadArtifactOptions, "allocate">,
): Promise<OpenedModel> {
  let memory: WebAssembly.Memory | null = null;
  const artifact = await readArtifact(store, uri, {
    ...options,
    allocate(size) {
      const own = new KernelMemory();
      try {
        const bytes = own.bytes(size);
        memory = own.memory;
        return bytes;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        memory = null;
        return new Uint8Array(new SharedArrayBuffer(size));
      }
    },
  });
  const { header, digest, tensors } = artifact;
  return {
    header,
    digest,
    recommender: loadRecommender(artifact, undefined),
    shared: shareModel(header.model_kind, tensors, memory),
  };
}
