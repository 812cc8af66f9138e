import { RecotemError } from "../core/errors.ts";

const MAX_LENGTH = 200;
const URI = /\b(?:https?|s3|gs|az|abfss?):\/\/\S+/gi;

/**
 * One line about a failure for `/health/details` and the log. Messages of ours are shown, addresses in them masked;
 * of all other errors only the name, because their messages may hold anything.
 */
export function describeError(error: unknown): string {
  if (error instanceof RecotemError) {
    return error.message.replace(URI, "<redacted-uri>").slice(0, MAX_LENGTH);
  }
  return error instanceof Error ? error.name : "unknown error";
}
