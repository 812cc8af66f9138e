import { RecotemError } from "../../core/errors.ts";

/**
 * Opens a file, an empty one if there is none, so that nobody else can: the lock is advisory, and ends with the process.
 *
 * Needs read and write permission for the file.
 *
 * @throws {RecotemError} `search_error` when another run has it open.
 */
export async function lockFile(path: string): Promise<Deno.FsFile> {
  const file = await Deno.open(path, {
    read: true,
    append: true,
    create: true,
    mode: 0o600,
  });
  if (await file.tryLock(true)) return file;
  file.close();
  throw new RecotemError(
    "search_error",
    `Another run keeps its trials in ${path}; wait for its end, or name another file in training.storage_path`,
  );
}
