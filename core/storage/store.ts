/** What identifies one state of a stored file; equal versions mean equal bytes, where there is a marker. */
export interface Version {
  /** Opaque marker: modification time, size and inode for files, ETag for objects; empty where there is none. */
  readonly marker: string;
  /** Length in bytes, or null where only reading tells it. */
  readonly size: number | null;
}

/** One thing that is stored, as a list tells of it. */
export interface StoredEntry {
  /** Name below the prefix that was listed. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /** When its bytes were written, by the clock of the medium; some count in whole seconds. */
  readonly modified: Date;
}

/** Options of {@linkcode Store.write}. */
export interface WriteOptions {
  /** Runs when all is done but making the bytes visible; throw to cancel. */
  readonly beforeCommit?: () => Promise<void>;
  /**
   * The version that is to be replaced; null: there must be none. When it is another, nothing is written and the error
   * is `lock_contested`. Of several writers that name the same version one succeeds.
   */
  readonly ifVersion?: Version | null;
  /** Stops writing, as long as nothing has become visible. */
  readonly signal?: AbortSignal;
}

/** Options of {@linkcode Store.read}. */
export interface ReadOptions {
  /** First byte, counted from the start. */
  readonly start?: number;
  /** Byte after the last one. */
  readonly end?: number;
  /** Stops reading, the stream too. */
  readonly signal?: AbortSignal;
  /** Told the URI of each redirect that is followed. */
  readonly onRedirect?: (uri: string) => void;
}

/**
 * Bytes by URI; one implementation per scheme. Failures are those of the medium, such as `Deno.errors.NotFound`; a
 * scheme that is not answered to is `Deno.errors.NotSupported`.
 */
export interface Store {
  /** URI schemes this store answers to; `""` is a bare path. */
  readonly schemes: readonly string[];
  /** Opens the bytes, or a range of them. The stream must be read to its end or cancelled. */
  read(uri: string, options?: ReadOptions): Promise<ReadableStream<Uint8Array>>;
  /** Replaces the bytes: all or nothing, durable when it returns. Makes the folder when there is none. */
  write(
    uri: string,
    parts: readonly Uint8Array[],
    options?: WriteOptions,
  ): Promise<Version>;
  /** The version now stored, or null when there is none. Reads no bytes. */
  stat(uri: string, signal?: AbortSignal): Promise<Version | null>;
  /** What is stored directly below a prefix, such as a folder; in no order. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<StoredEntry>;
  /** Removes what is stored. Nothing there is as good as removed; who has it open reads on. */
  remove(uri: string, signal?: AbortSignal): Promise<void>;
}
