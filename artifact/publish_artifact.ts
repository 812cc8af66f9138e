import { createHash } from "node:crypto";
import { RecotemError } from "../core/errors.ts";
import type { Output } from "../core/recipe/recipe.ts";
import { requireInArtifactRoot } from "../core/recipe/require_in_artifact_root.ts";
import type { Store, Version, WriteOptions } from "../core/storage/store.ts";
import type { ArtifactCaps } from "./artifact_caps.ts";
import { planPublication } from "./plan_publication.ts";

/** What no change to the recipe mends, and what may be over when a scheduler tries again. */
const MEDIUM_FAILURES = ["ENOSPC", "EDQUOT", "EIO"];

/** Options of {@linkcode publishArtifact}. */
export interface PublishOptions extends ArtifactCaps {
  /** Folder that outputs on this machine must lie in (`RECOTEM_ARTIFACT_ROOT`). */
  readonly artifactRoot?: string | null;
  /** Stops it; nothing is left behind. */
  readonly signal?: AbortSignal;
}

/** Where an artifact went. */
export interface Publication {
  /** URI of the artifact. */
  readonly artifact: string;
  /** URI of the file that names it, if there is one. */
  readonly pointer: string | null;
  /** SHA-256 of the artifact, 64 hex digits. */
  readonly sha256: string;
  /** Length of the artifact. */
  readonly bytes: number;
}

/**
 * Writes an artifact, then the pointer to it. Readers see the old artifact or the new one, never a part. Old versions
 * stay where they are, until {@linkcode pruneVersions} is asked. What is visible under the output's own path is replaced only when nobody else has replaced it
 * meanwhile: of two runs that publish at once, the second fails.
 *
 * @param parts The parts of {@linkcode encodeArtifact}.
 * @throws {RecotemError} `artifact_error` when it is larger than servers take, or the place cannot be written to or lies
 * outside the artifact root just before the file would appear; `internal_error` when the disk is full or broken;
 * `lock_contested` when another run published meanwhile; `recipe_error` as {@linkcode planPublication}.
 */
export async function publishArtifact(
  store: Store,
  output: Pick<Output, "path" | "versioning">,
  parts: readonly Uint8Array[],
  options: PublishOptions,
): Promise<Publication> {
  const bytes = requireServable(parts, options);
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  const sha256 = hash.digest("hex");
  const { artifact, pointer } = planPublication(output, sha256);
  const ifVersion = await versionOf(store, output.path, options);
  if (pointer) {
    await write(store, artifact, parts, options);
    const replace = { ...options, ifVersion };
    await write(store, pointer.uri, [pointer.bytes], replace);
  } else await write(store, artifact, parts, { ...options, ifVersion });
  return { artifact, pointer: pointer?.uri ?? null, sha256, bytes };
}

function requireServable(
  [head, ...payload]: readonly Uint8Array[],
  { maxArtifactBytes, maxPayloadBytes }: ArtifactCaps,
): number {
  const payloadBytes = payload.reduce((sum, part) => sum + part.length, 0);
  const bytes = (head?.length ?? 0) + payloadBytes;
  if (payloadBytes > maxPayloadBytes) {
    throw new RecotemError(
      "artifact_error",
      `Model takes ${payloadBytes} bytes: RECOTEM_MAX_PAYLOAD_BYTES allows ${maxPayloadBytes}, so it could not be served`,
    );
  }
  if (bytes > maxArtifactBytes) {
    throw new RecotemError(
      "artifact_error",
      `Artifact takes ${bytes} bytes: RECOTEM_MAX_ARTIFACT_BYTES allows ${maxArtifactBytes}, so it could not be served`,
    );
  }
  return bytes;
}

/** What is published now. */
async function versionOf(
  store: Store,
  uri: string,
  { signal }: PublishOptions,
): Promise<Version | null> {
  try {
    return await store.stat(uri, signal);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unwritable(uri, error);
  }
}

async function write(
  store: Store,
  uri: string,
  parts: readonly Uint8Array[],
  { artifactRoot = null, signal, ifVersion }:
    & PublishOptions
    & Pick<WriteOptions, "ifVersion">,
): Promise<void> {
  async function requireContained(): Promise<void> {
    if (artifactRoot !== null) await requireInArtifactRoot(uri, artifactRoot);
  }
  try {
    // Before, because writing would make the folder; after, because links may have changed since.
    await requireContained();
    await store.write(uri, parts, {
      beforeCommit: requireContained,
      ...(ifVersion !== undefined && { ifVersion }),
      ...(signal && { signal }),
    });
  } catch (error) {
    const contested = error instanceof RecotemError &&
      error.code === "lock_contested";
    if (signal?.aborted || contested) throw error;
    throw unwritable(uri, error);
  }
}

function unwritable(uri: string, error: unknown): RecotemError {
  const problem = error instanceof Error ? error.message : String(error);
  const mediumFailed = error instanceof Error && "code" in error &&
    MEDIUM_FAILURES.includes(String(error.code));
  return new RecotemError(
    mediumFailed ? "internal_error" : "artifact_error",
    `Cannot write ${uri}: ${problem}`,
    { cause: error },
  );
}
