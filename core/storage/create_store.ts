import { FileStore } from "./file_store.ts";
import { openStore } from "./open_store.ts";
import type {
  ReadOptions,
  Store,
  StoredEntry,
  Version,
  WriteOptions,
} from "./store.ts";

/** One store that hands each URI to the store of its scheme. */
export function createStore(
  stores: readonly Store[] = [new FileStore()],
): Store {
  return {
    schemes: stores.flatMap(({ schemes }) => schemes),
    async read(
      uri: string,
      options?: ReadOptions,
    ): Promise<ReadableStream<Uint8Array>> {
      return await openStore(uri, stores).read(uri, options);
    },
    async write(
      uri: string,
      parts: readonly Uint8Array[],
      options?: WriteOptions,
    ): Promise<Version> {
      return await openStore(uri, stores).write(uri, parts, options);
    },
    async stat(uri: string, signal?: AbortSignal): Promise<Version | null> {
      return await openStore(uri, stores).stat(uri, signal);
    },
    async *list(
      prefix: string,
      signal?: AbortSignal,
    ): AsyncIterable<StoredEntry> {
      yield* openStore(prefix, stores).list(prefix, signal);
    },
    async remove(uri: string, signal?: AbortSignal): Promise<void> {
      await openStore(uri, stores).remove(uri, signal);
    },
  };
}
