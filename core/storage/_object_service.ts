import type { ObjectPlace } from "./_object_place.ts";
import type { Range } from "./_range_request.ts";
import type { StoredEntry, Version } from "./store.ts";

/** What an object must be for a write to replace it; as `ifVersion` of a store. */
export type Condition = Version | null | undefined;

/** One object store's way to speak. Each method is one or a few requests; a missing object is `Deno.errors.NotFound`. */
export interface ObjectService {
  /** URI schemes that name its objects. */
  readonly schemes: readonly string[];
  /** Size of all parts of an upload but the last; objects up to this size are put whole. */
  readonly partBytes: number;
  /** The bytes of a range, as they are stored; null when the object ends before it. */
  get(
    place: ObjectPlace,
    range: Range,
    signal: AbortSignal | undefined,
  ): Promise<ReadableStream<Uint8Array> | null>;
  /** What is stored. */
  head(place: ObjectPlace, signal: AbortSignal | undefined): Promise<Version>;
  /** Stores an object in one request; answers its marker. */
  put(
    place: ObjectPlace,
    bytes: Uint8Array<ArrayBuffer>,
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<string>;
  /** Begins to store an object in several requests. */
  upload(
    place: ObjectPlace,
    totalBytes: number,
    condition: Condition,
    signal: AbortSignal | undefined,
  ): Promise<ObjectUpload>;
  /** The objects whose names start with `place.key` and have no slash behind it; names without that start. */
  list(
    place: ObjectPlace,
    signal: AbortSignal | undefined,
  ): AsyncIterable<StoredEntry>;
  /** Removes an object. */
  remove(place: ObjectPlace, signal: AbortSignal | undefined): Promise<void>;
}

/** An object on its way, not visible yet. */
export interface ObjectUpload {
  /** Sends the next part. */
  send(part: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Sends the last part and makes the object visible; answers its marker. */
  finish(part: Uint8Array<ArrayBuffer>): Promise<string>;
  /** Throws away what was sent. */
  cancel(): Promise<void>;
}
