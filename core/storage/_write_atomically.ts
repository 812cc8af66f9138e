import { dirname, join } from "../std/path.ts";
import { flush } from "./flush.ts";
import type { WriteOptions } from "./store.ts";

/** How much is handed to the runtime at once: it copies what it is handed. */
const CHUNK_BYTES = 2 ** 20;

/**
 * Writes a new file beside `path` and renames it, so that readers see the old bytes or the new ones, and after a crash
 * too. A failure leaves no trace; only a kill can leave the temporary file.
 *
 * Needs read and write permission for the folder.
 *
 * @param requireReplaceable Throws when the file that is there may not be replaced; null: any may.
 * @returns What the system says of the new file.
 */
export async function writeAtomically(
  path: string,
  parts: readonly Uint8Array[],
  { beforeCommit, signal }: WriteOptions,
  requireReplaceable: (() => Promise<void>) | null,
): Promise<Deno.FileInfo> {
  signal?.throwIfAborted();
  const folder = dirname(path);
  await Deno.mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${crypto.randomUUID()}.tmp`);
  let info: Deno.FileInfo;
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true });
    for (const part of parts) await writeAll(file, part, signal);
    await flush(file);
    info = await file.stat();
    await beforeCommit?.();
    signal?.throwIfAborted();
    using entries = await Deno.open(folder);
    if (requireReplaceable) {
      // Held until the folder is closed: no other such writer renames between the look and the renaming.
      await entries.lock(true);
      await requireReplaceable();
    }
    await Deno.rename(temporary, path);
    await flush(entries);
  } catch (error) {
    // The first failure is the one to tell; it may be that there is no file to remove.
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  return info;
}

async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    signal?.throwIfAborted();
    written += await file.write(
      bytes.subarray(written, written + CHUNK_BYTES),
    );
  }
}
