import type { Variables } from "../../core/config/variables.ts";
import type { StorageCredentials } from "./database/open_postgresql.ts";

/** Who asks the database server of `training.storage_path`; null where no user is named. */
export function storageCredentials(
  variables: Pick<
    Variables,
    "RECOTEM_STORAGE_USER" | "RECOTEM_STORAGE_PASSWORD"
  >,
): StorageCredentials | null {
  const { RECOTEM_STORAGE_USER: user, RECOTEM_STORAGE_PASSWORD: password } =
    variables;
  return user === null ? null : { user, password: password ?? "" };
}
