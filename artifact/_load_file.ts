import { SILENT } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import type { Store } from "../core/storage/store.ts";
import { artifactError } from "./_artifact_error.ts";
import { decodePointer, MAX_POINTER_BYTES, siblingUri } from "./_pointer.ts";
import type { LoadOptions } from "./load_options.ts";

/** A file in memory. */
export interface LoadedFile {
  readonly uri: string;
  readonly bytes: Uint8Array;
}

/** A pointer that names something else at each look is not followed for ever. */
const MAX_LOOKS = 5;

/**
 * Reads an artifact, or the one that a pointer names, into memory. When that one was removed since, because a newer one
 * is published, the pointer is looked at again.
 *
 * @throws {RecotemError} `artifact_error`: reason `read` when a file is missing, too large, unreadable or changes under
 * the reader's hands; `parse` when a pointer names a pointer.
 */
export async function loadFile(
  store: Store,
  uri: string,
  options: LoadOptions,
): Promise<LoadedFile> {
  let before: string | null = null;
  let failure: unknown;
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const bytes = await readWhole(store, uri, options);
    const name = decodePointer(bytes);
    if (name === null) return { uri, bytes };
    if (name === before) break;
    const target = siblingUri(uri, name);
    (options.events ?? SILENT).debug("artifact_pointer_resolved", {
      pointer: uri,
      target,
    });
    try {
      return { uri: target, bytes: await readTarget(store, target, options) };
    } catch (error) {
      if (options.signal?.aborted || !isReadFailure(error)) throw error;
      [before, failure] = [name, error];
    }
  }
  throw failure;
}

function isReadFailure(error: unknown): boolean {
  return error instanceof RecotemError && error.details.reason === "read";
}

async function readTarget(
  store: Store,
  uri: string,
  options: LoadOptions,
): Promise<Uint8Array> {
  const bytes = await readWhole(store, uri, options);
  if (decodePointer(bytes) !== null) {
    throw artifactError(
      "parse",
      `Artifact pointer names another pointer, ${uri}`,
    );
  }
  return bytes;
}

/** Reads a file once, from its start to one byte more than it should have. */
async function readWhole(
  store: Store,
  uri: string,
  options: LoadOptions,
): Promise<Uint8Array> {
  const { maxArtifactBytes, allocate = newBytes, signal } = options;
  const size = await sizeOf(store, uri, signal);
  if (size === null) return await readUnknown(store, uri, options);
  if (size > maxArtifactBytes) throw tooLarge(uri, size, maxArtifactBytes);
  const bytes = size > MAX_POINTER_BYTES ? allocate(size) : newBytes(size);
  let filled = 0;
  try {
    const stream = await store.read(uri, {
      end: size + 1,
      ...(signal && { signal }),
    });
    for await (const chunk of stream) {
      if (filled + chunk.length > size) throw new Error("File has grown");
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
    if (filled < size) throw new Error("File has shrunk");
  } catch (error) {
    throw unreadable(uri, error, signal);
  }
  return bytes;
}

/** Reads a file whose size only reading tells, which takes its size in memory twice. */
async function readUnknown(
  store: Store,
  uri: string,
  { maxArtifactBytes, allocate = newBytes, signal }: LoadOptions,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = await store.read(uri, { ...(signal && { signal }) });
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxArtifactBytes) throw tooLarge(uri, size, maxArtifactBytes);
    }
  } catch (error) {
    throw unreadable(uri, error, signal);
  }
  if (size === 0) throw artifactError("read", `Artifact ${uri} is empty`);
  const bytes = size > MAX_POINTER_BYTES ? allocate(size) : newBytes(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function tooLarge(uri: string, size: number, cap: number): RecotemError {
  return artifactError(
    "read",
    `Artifact ${uri} has ${size} bytes or more: RECOTEM_MAX_ARTIFACT_BYTES allows ${cap}`,
  );
}

async function sizeOf(
  store: Store,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  let size: number | null | undefined;
  try {
    size = (await store.stat(uri, signal))?.size;
  } catch (error) {
    throw unreadable(uri, error, signal);
  }
  if (size === undefined) {
    throw artifactError("read", `Artifact ${uri} does not exist`);
  }
  if (size === 0) throw artifactError("read", `Artifact ${uri} is empty`);
  return size;
}

/** What a failure of the medium becomes; an abort stays what it is. */
function unreadable(
  uri: string,
  error: unknown,
  signal: AbortSignal | undefined,
): unknown {
  if (signal?.aborted || error instanceof RecotemError) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return artifactError(
    "read",
    `Cannot read artifact ${uri}: ${problem}`,
    error,
  );
}

function newBytes(length: number): Uint8Array {
  return new Uint8Array(length);
}
