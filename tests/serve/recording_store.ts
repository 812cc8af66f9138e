import { FileStore } from "../../core/storage/file_store.ts";
import type { ReadOptions, Version } from "../../core/storage/store.ts";

/** Files, with a list of what was read and files whose state cannot be had. */
export class RecordingStore extends FileStore {
  /** What was opened to be read, in order. */
  readonly opened: string[] = [];
  /** Called with the address of what has been opened. */
  whenOpened: (uri: string) => void = () => {};
  /** What `stat` never answers for, not even when it is told to stop. */
  readonly stalled: Set<string> = new Set();
  /** What `stat` refuses to answer for. */
  readonly denied: Set<string> = new Set();

  override async read(
    uri: string,
    options?: ReadOptions,
  ): Promise<ReadableStream<Uint8Array>> {
    this.opened.push(uri);
    const stream = await super.read(uri, options);
    this.whenOpened(uri);
    return stream;
  }

  override stat(uri: string, signal?: AbortSignal): Promise<Version | null> {
    if (this.denied.has(uri)) {
      return Promise.reject(new Deno.errors.PermissionDenied("No"));
    }
    return this.stalled.has(uri)
      ? new Promise(() => {})
      : super.stat(uri, signal);
  }
}
