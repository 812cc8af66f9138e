import type { Store } from "../core/storage/store.ts";
import { decodeOpened } from "./_decode_opened.ts";
import { loadFile } from "./_load_file.ts";
import { openEnvelope } from "./_open_envelope.ts";
import { runStepsInTurns } from "./_run_steps.ts";
import type { Artifact } from "./artifact.ts";
import type { DecodeOptions } from "./decode_artifact.ts";
import type { LoadOptions } from "./load_options.ts";

/** Options of {@linkcode readArtifact}. */
export type ReadArtifactOptions = LoadOptions & DecodeOptions;

/**
 * Reads an artifact, or the one that a pointer names, and opens it as {@linkcode decodeArtifact} does; while the bytes
 * are hashed, other work of the process goes on.
 *
 * @returns The artifact and its own URI, which is not the given one after a pointer.
 * @throws {RecotemError} `artifact_error`; `details.reason` is `read` when the file cannot be read whole, or as for
 * {@linkcode decodeArtifact}.
 */
export async function readArtifact(
  store: Store,
  uri: string,
  options: ReadArtifactOptions,
): Promise<Artifact & { readonly uri: string }> {
  const file = await loadFile(store, uri, options);
  const opened = await runStepsInTurns(
    openEnvelope(file.bytes, options),
    options.signal,
  );
  return { ...decodeOpened(opened, options.recipeName), uri: file.uri };
}
