import { flush } from "../../../core/storage/flush.ts";
import { lockFile } from "../lock_file.ts";
import type { JournalFile } from "./journal_file.ts";

/**
 * Opens a local file as a journal, an empty one if there is none; no other run may have it open. Close it by `using`.
 *
 * Needs read and write permission for the file.
 *
 * @throws {RecotemError} `search_error` when another run has it open.
 */
export async function openJournalFile(
  path: string,
): Promise<JournalFile & Disposable> {
  const file = await lockFile(path);
  return {
    path,
    read: () => Deno.readFile(path),
    async append(bytes) {
      let written = 0;
      while (written < bytes.length) {
        written += await file.write(bytes.subarray(written));
      }
      await flush(file);
    },
    async truncate(length) {
      await file.truncate(length);
      await flush(file);
    },
    [Symbol.dispose]: () => file.close(),
  };
}
