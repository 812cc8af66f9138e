import { RecotemError } from "../../core/errors.ts";
import { studyStorage } from "../../core/recipe/study_storage.ts";
import type { StorageCredentials } from "./database/open_postgresql.ts";

/**
 * Refuses what trials cannot be kept in; touches nothing.
 *
 * @param path `training.storage_path`.
 * @param credentials Who asks a database server; null: nobody.
 * @throws {RecotemError} `search_error`, which repeats nothing of the path, for it may hold a password; `config_error` when
 * a server is told nobody.
 */
export function checkStorage(
  path: string,
  credentials: StorageCredentials | null,
): void {
  const storage = studyStorage(path);
  if (storage.type === "refused") {
    throw new RecotemError(
      "search_error",
      `Key training.storage_path ${storage.problem}`,
    );
  }
  if (storage.type === "postgresql" && credentials === null) {
    throw new RecotemError(
      "config_error",
      `Variable RECOTEM_STORAGE_USER must name the user of the database ${storage.database} on ${storage.host}:${storage.port}`,
    );
  }
}
