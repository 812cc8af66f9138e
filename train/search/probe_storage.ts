import { studyStorage } from "../../core/recipe/study_storage.ts";
import { storageFileFailure } from "./_storage_file_failure.ts";
import { checkStorage } from "./check_storage.ts";
import { DatabaseError } from "./database/database.ts";
import { storageFailure } from "./database/open_database_log.ts";
import {
  openPostgresql,
  type StorageCredentials,
} from "./database/open_postgresql.ts";
import { lockFile } from "./lock_file.ts";

/** What {@linkcode probeStorage} works with. */
export interface ProbeOptions {
  /** Who asks a database server; null: nobody. */
  readonly credentials: StorageCredentials | null;
  /** Whether a file may be made where there is none; where not, files are not looked at. */
  readonly make: boolean;
}

/**
 * Refuses what trials cannot be kept in before data are read, which may take long: asks the database server, or opens the
 * file.
 *
 * @param path `training.storage_path`.
 * @throws {RecotemError} `search_error` when trials cannot be kept there; `config_error` when a server is told nobody, or
 * refuses who asks.
 */
export async function probeStorage(
  path: string,
  { credentials, make }: ProbeOptions,
): Promise<void> {
  checkStorage(path, credentials);
  const storage = studyStorage(path);
  switch (storage.type) {
    case "postgresql": {
      await using database = openPostgresql(storage, credentials!);
      try {
        await database.transaction((session) => session.query("SELECT 1"));
      } catch (error) {
        throw error instanceof DatabaseError
          ? storageFailure(database.name, error)
          : error;
      }
      break;
    }
    case "journal":
    case "sqlite":
      if (make) await touch(storage.path);
  }
}

async function touch(path: string): Promise<void> {
  try {
    (await lockFile(path)).close();
  } catch (error) {
    throw storageFileFailure(path, error as Error);
  }
}
