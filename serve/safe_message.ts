const MAX_LENGTH = 200;
const URI = /\b(?:https?|s3|gs|az|abfss?):\/\/\S+/gi;

/** A message of ours as `/health/details` and the log show it: addresses masked, at most 200 characters. */
export function safeMessage(message: string): string {
  return message.replace(URI, "<redacted-uri>").slice(0, MAX_LENGTH);
}
