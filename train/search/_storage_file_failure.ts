import { RecotemError } from "../../core/errors.ts";

/** The refusal that a failure to open a file of trials amounts to. */
export function storageFileFailure(path: string, cause: Error): RecotemError {
  if (cause instanceof RecotemError) return cause;
  return new RecotemError(
    "search_error",
    `Cannot keep trials in ${path}: ${cause.name}; training.storage_path must be a file in a folder that is there`,
    { cause },
  );
}
