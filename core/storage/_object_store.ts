import { contested } from "./_contested.ts";
import { type ObjectPlace, placeOf } from "./_object_place.ts";
import type { Condition, ObjectService } from "./_object_service.ts";
import { requireRange } from "./_require_range.ts";
import type {
  ReadOptions,
  Store,
  StoredEntry,
  Version,
  WriteOptions,
} from "./store.ts";

/** A store over an object service. What is written becomes visible in one step, the service's own. */
export class ObjectStore implements Store {
  readonly schemes: readonly string[];
  readonly #service: ObjectService;

  constructor(service: ObjectService) {
    this.schemes = service.schemes;
    this.#service = service;
  }

  async read(
    uri: string,
    { start = 0, end = Infinity, signal }: ReadOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    requireRange(start, end);
    signal?.throwIfAborted();
    const place = placeOf(uri);
    if (start === end) {
      await this.#service.head(place, signal);
      return ReadableStream.from([]);
    }
    const stream = await this.#service.get(place, { start, end }, signal);
    return stream ?? ReadableStream.from([]);
  }

  async write(
    uri: string,
    parts: readonly Uint8Array[],
    { beforeCommit, ifVersion, signal }: WriteOptions = {},
  ): Promise<Version> {
    signal?.throwIfAborted();
    const place = placeOf(uri);
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    async function commit(): Promise<void> {
      await beforeCommit?.();
      signal?.throwIfAborted();
    }
    try {
      if (size > this.#service.partBytes) {
        return {
          size,
          marker: await this.#upload(place, parts, commit, ifVersion, signal),
        };
      }
      await commit();
      const [bytes = new Uint8Array()] = chunks(parts, size);
      return {
        size,
        marker: await this.#service.put(place, bytes, ifVersion, signal),
      };
    } catch (error) {
      const gone = ifVersion && error instanceof Deno.errors.NotFound;
      throw gone ? contested(uri) : error;
    }
  }

  async stat(uri: string, signal?: AbortSignal): Promise<Version | null> {
    signal?.throwIfAborted();
    try {
      return await this.#service.head(placeOf(uri), signal);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  async *list(
    prefix: string,
    signal?: AbortSignal,
  ): AsyncIterable<StoredEntry> {
    signal?.throwIfAborted();
    const place = placeOf(prefix.replace(/\/*$/, "/"));
    for await (const entry of this.#service.list(place, signal)) {
      if (entry.name !== "") yield entry;
    }
  }

  async remove(uri: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    try {
      await this.#service.remove(placeOf(uri), signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #upload(
    place: ObjectPlace,
    parts: readonly Uint8Array[],
    commit: () => Promise<void>,
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const { partBytes } = this.#service;
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const upload = await this.#service.upload(place, size, condition, signal);
    try {
      let left = size;
      for (const chunk of chunks(parts, partBytes)) {
        left -= chunk.length;
        if (left > 0) {
          await upload.send(chunk);
          continue;
        }
        await commit();
        return await upload.finish(chunk);
      }
      throw new Error("An upload has a last part");
    } catch (error) {
      // The first failure is the one to tell; the service forgets what is not finished.
      await upload.cancel().catch(() => {});
      throw error;
    }
  }
}

/** Copies of the bytes in chunks of `size`, the last one shorter: requests take no views of shared memory. */
function* chunks(
  parts: readonly Uint8Array[],
  size: number,
): Generator<Uint8Array<ArrayBuffer>> {
  let left = parts.reduce((sum, part) => sum + part.length, 0);
  let chunk = new Uint8Array(Math.min(size, left));
  let filled = 0;
  for (const part of parts) {
    for (let offset = 0; offset < part.length;) {
      const piece = part.subarray(offset, offset + chunk.length - filled);
      chunk.set(piece, filled);
      offset += piece.length;
      filled += piece.length;
      if (filled < chunk.length) continue;
      left -= filled;
      yield chunk;
      chunk = new Uint8Array(Math.min(size, left));
      filled = 0;
    }
  }
}
