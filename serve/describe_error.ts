import { RecotemError } from "../core/errors.ts";
import { safeMessage } from "./safe_message.ts";

/**
 * One line about a failure for `/health/details` and the log. Messages of ours are shown, addresses in them masked;
 * of all other errors only the name, because their messages may hold anything.
 */
export function describeError(error: unknown): string {
  if (error instanceof RecotemError) {
    return safeMessage(error.message);
  }
  return error instanceof Error ? error.name : "unknown error";
}
