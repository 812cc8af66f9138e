import { ERRORS, RecotemError } from "../errors.ts";
import { redactText } from "./redact.ts";

/** How a program ends after an error. */
export interface Failure {
  readonly exitCode: number;
  /** What goes to standard error: one line for a refusal, a stack trace for a fault of ours; secrets blanked. */
  readonly text: string;
}

/**
 * What a program that ends with `error` prints, and its exit code.
 *
 * A failed HTTP fetch anywhere in the chain of causes decides the exit code of a data source error (7, not 3), since a
 * scheduler may try it again.
 *
 * @example
 * ```ts
 * import { describeFailure } from "./describe_failure.ts";
 * import { RecotemError } from "../errors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const failure = describeFailure(new RecotemError("config_error", "RECOTEM_PORT must be a whole number"));
 * assertEquals(failure, { exitCode: 8, text: "Error: RECOTEM_PORT must be a whole number\n" });
 * ```
 */
export function describeFailure(error: unknown): Failure {
  if (error instanceof RecotemError) {
    return {
      exitCode: error.code === "datasource_error" && causedByFetch(error)
        ? ERRORS.http_fetch_error.exit
        : error.exitCode,
      text: redactText(`Error: ${error.message.replaceAll("\n", " ")}\n`),
    };
  }
  const trace = error instanceof Error ? error.stack : undefined;
  return {
    exitCode: ERRORS.internal_error.exit,
    text: redactText(`Internal error: ${trace ?? String(error)}\n`),
  };
}

function causedByFetch(error: Error): boolean {
  const seen = new Set<unknown>();
  let cause = error.cause;
  while (cause instanceof Error && !seen.has(cause)) {
    if (cause instanceof RecotemError && cause.code === "http_fetch_error") {
      return true;
    }
    seen.add(cause);
    cause = cause.cause;
  }
  return false;
}
