import { RecotemError } from "../../core/errors.ts";
import { studyStorage } from "../../core/recipe/study_storage.ts";

/**
 * Refuses what trials cannot be kept in; touches nothing.
 *
 * @throws {RecotemError} `search_error`; repeats nothing of the path, which may hold a password.
 */
export function checkStoragePath(path: string): void {
  const storage = studyStorage(path);
  if (storage.type !== "refused") return;
  throw new RecotemError(
    "search_error",
    `Key training.storage_path ${storage.problem}`,
  );
}
