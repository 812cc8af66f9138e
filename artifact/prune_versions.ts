import { createHash } from "node:crypto";
import { RecotemError } from "../core/errors.ts";
import type { Output } from "../core/recipe/recipe.ts";
import { localPath } from "../core/recipe/local_path.ts";
import type { ReadOptions, Store, StoredEntry } from "../core/storage/store.ts";
import { planPruning } from "./_plan_pruning.ts";
import { decodePointer, MAX_POINTER_BYTES, siblingUri } from "./_pointer.ts";
import { stemOf, versionName } from "./_version_names.ts";

/** Options of {@linkcode pruneVersions}. */
export interface PruneOptions {
  /** How many versions stay, the published one among them; at least 1. */
  readonly keep: number;
  /** The time now. */
  readonly now: Date;
  /** Says what would go, and removes nothing. */
  readonly dryRun?: boolean;
  /** Stops it between two files. */
  readonly signal?: AbortSignal;
}

/**
 * Removes old versions of an output: of those that are older than the published one all but the `keep - 1` newest, with
 * their reports; on this machine also files that killed writes left behind, an hour after their last byte.
 *
 * Stays away from whatever a pointer in the folder names, is not older than what is published, or has another name than
 * its own digest gives it, such as a copy with a date or the output of another recipe; where the output has no pointer,
 * nothing is known to be old and only files of killed writes go. May run beside trainers, servers and others like it.
 * Reads each version that goes, and each file of at most 512 bytes in the folder. Needs read and write permission for the
 * folder; in an object store the rights to list, read and delete.
 *
 * @returns URIs of what was removed, or would be.
 * @throws {RecotemError} `artifact_error` when the place cannot be listed, read or removed from.
 */
export async function pruneVersions(
  store: Store,
  { path }: Pick<Output, "path">,
  { keep, now, dryRun = false, signal }: PruneOptions,
): Promise<string[]> {
  const stem = stemOf(path);
  try {
    // The pointer before the list: what it named is old at most by what was published since, and stays.
    const published = await pointerAt(store, path, signal);
    const entries = await listFolder(store, path, signal);
    const pointed = await pointersIn(store, path, entries, signal);
    const { versions, siblings, temporary } = planPruning({
      ...{ entries, stem, published, pointed, keep, now },
    });
    const removed: string[] = [];
    for (const name of versions) {
      const uri = siblingUri(path, name);
      const digest = await digestOf(store, uri, signal);
      if (digest === null || name !== versionName(stem, digest)) continue;
      const beside = siblings.filter((sibling) => sibling.startsWith(name));
      removed.push(...beside.map((each) => siblingUri(path, each)), uri);
    }
    if (localPath(path) !== null) {
      removed.push(...temporary.map((name) => siblingUri(path, name)));
    }
    for (const uri of dryRun ? [] : removed) await store.remove(uri, signal);
    return removed;
  } catch (error) {
    if (signal?.aborted || error instanceof RecotemError) throw error;
    throw new RecotemError(
      "artifact_error",
      `Cannot remove old versions of ${path}: ${
        error instanceof Error ? error.message : String(error)
      }`,
      { cause: error },
    );
  }
}

/** The name that a pointer holds; null where there is none. */
async function pointerAt(
  store: Store,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const bytes = await firstBytes(store, uri, MAX_POINTER_BYTES + 1, signal);
  return bytes && decodePointer(bytes);
}

async function listFolder(
  store: Store,
  path: string,
  signal: AbortSignal | undefined,
): Promise<StoredEntry[]> {
  try {
    const folder = siblingUri(path, "") || ".";
    return await Array.fromAsync(store.list(folder, signal));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The names that the pointers among the entries hold. */
async function pointersIn(
  store: Store,
  path: string,
  entries: readonly StoredEntry[],
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const targets = new Set<string>();
  for (const { name, size } of entries) {
    if (size > MAX_POINTER_BYTES) continue;
    const target = await pointerAt(store, siblingUri(path, name), signal);
    if (target !== null) targets.add(target);
  }
  return targets;
}

async function firstBytes(
  store: Store,
  uri: string,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | null> {
  return await withStream(
    store,
    uri,
    { end, ...(signal && { signal }) },
    (stream) => new Response(stream).bytes(),
  );
}

async function digestOf(
  store: Store,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  return await withStream(
    store,
    uri,
    { ...(signal && { signal }) },
    async (stream) => {
      const hash = createHash("sha256");
      for await (const chunk of stream) hash.update(chunk);
      return hash.digest("hex");
    },
  );
}

/** What `use` makes of the bytes; null for what is not there, or is no file. */
async function withStream<T>(
  store: Store,
  uri: string,
  options: ReadOptions,
  use: (stream: ReadableStream<Uint8Array>) => Promise<T>,
): Promise<T | null> {
  try {
    return await use(await store.read(uri, options));
  } catch (error) {
    const gone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.IsADirectory;
    if (gone && !options.signal?.aborted) return null;
    throw error;
  }
}
