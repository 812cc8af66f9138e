import { RecotemError } from "../../core/errors.ts";

const SUFFIX = ".journal";

/**
 * Refuses what trials cannot be kept in; touches nothing.
 *
 * @throws {RecotemError} `search_error`; repeats nothing of the path, which may hold a password.
 */
export function checkStoragePath(path: string): void {
  const url = /^[a-z+]+:\/\//i.test(path);
  if (path === "" || (!url && path.endsWith(SUFFIX))) return;
  const problem = /^[a-z+]+:\/\/[^/]*@/i.test(path)
    ? "must not hold a user or password"
    : `must be a file whose name ends in ${SUFFIX}, an Optuna journal; databases are not supported`;
  throw new RecotemError(
    "search_error",
    `Key training.storage_path ${problem}`,
  );
}
