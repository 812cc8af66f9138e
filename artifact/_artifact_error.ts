import { RecotemError } from "../core/errors.ts";

/** At which step an artifact was refused; a label of metrics. */
export type Reason = "read" | "parse" | "hmac" | "header_json" | "deserialize";

/** The error of an artifact that is refused. */
export function artifactError(
  reason: Reason,
  message: string,
  cause?: unknown,
): RecotemError {
  return new RecotemError("artifact_error", message, {
    details: { reason },
    ...(cause === undefined ? {} : { cause }),
  });
}
