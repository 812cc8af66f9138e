import type { Environment } from "../core/config/environment.ts";
import type { Events } from "../core/config/events.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { RecotemError } from "../core/errors.ts";
import { KeyRing } from "./key_ring.ts";

/**
 * The keys of the environment for a command that reads one artifact, or null where it need not be signed.
 *
 * @param allowUnsigned Whether `--dev-allow-unsigned` was given; it counts only where there are no keys, and
 * `dev_allow_unsigned_ignored` is told where there are.
 * @throws {RecotemError} `config_error` when unsigned artifacts are asked for outside development, and as
 * {@linkcode KeyRing.fromEnv}.
 */
export function readerKeys(
  allowUnsigned: boolean,
  env: Environment,
  events: Events,
): KeyRing | null {
  const { RECOTEM_ENV, RECOTEM_SIGNING_KEYS } = readVariables(
    env,
    ["RECOTEM_ENV", "RECOTEM_SIGNING_KEYS"],
    events,
  );
  if (allowUnsigned) {
    if (RECOTEM_ENV.toLowerCase() !== "development") {
      throw new RecotemError(
        "config_error",
        "Flag --dev-allow-unsigned works only where RECOTEM_ENV is development",
      );
    }
    if (RECOTEM_SIGNING_KEYS === null) return null;
    events.warn("dev_allow_unsigned_ignored", {
      reason: "signing keys are configured",
    });
  }
  return KeyRing.fromEnv(RECOTEM_SIGNING_KEYS ?? undefined, events);
}
