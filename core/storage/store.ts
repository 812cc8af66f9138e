/** What identifies one state of a stored file; equal versions mean equal bytes. */
export interface Version {
  /** Opaque marker: modification time and size for files, ETag for objects. */
  readonly marker: string;
  /** Length in bytes. */
  readonly size: number;
}

/** Options of {@linkcode Store.write}. */
export interface WriteOptions {
  /** Runs after the bytes are durable and before they become visible; throw to cancel. */
  readonly beforeCommit?: () => Promise<void>;
}

/** Options of {@linkcode Store.read}. */
export interface ReadOptions {
  /** First byte, counted from the start. */
  readonly start?: number;
  /** Byte after the last one. */
  readonly end?: number;
  readonly signal?: AbortSignal;
}

/** Bytes by URI; one implementation per scheme. Failures are those of the medium, such as `Deno.errors.NotFound`. */
export interface Store {
  /** URI schemes this store answers to; `""` is a bare path. */
  readonly schemes: readonly string[];
  /** Opens the bytes, or a range of them. */
  read(uri: string, options?: ReadOptions): Promise<ReadableStream<Uint8Array>>;
  /** Replaces the bytes: all or nothing, durable when it returns. */
  write(
    uri: string,
    parts: readonly Uint8Array[],
    options?: WriteOptions,
  ): Promise<Version>;
  /** The version now stored, or null when there is none. */
  stat(uri: string, signal?: AbortSignal): Promise<Version | null>;
  /** Names directly below a prefix, such as a folder. */
  list(prefix: string): AsyncIterable<string>;
}
