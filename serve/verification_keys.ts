import { KeyRing } from "../artifact/key_ring.ts";
import type { Events } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import type { SigningKeyStatus } from "./posture.ts";
import type { Settings } from "./settings.ts";

/** The keys that artifacts are verified with, or why there are none. */
export interface VerificationKeys {
  /** Null when artifacts are not verified, or when there is an error. */
  readonly keys: KeyRing | null;
  readonly status: SigningKeyStatus;
  /** What must stop the server, after its posture was told. */
  readonly error: unknown;
}

/** Makes the key ring of `RECOTEM_SIGNING_KEYS`. Never throws. */
export function verificationKeys(
  settings: Settings,
  events: Events,
): VerificationKeys {
  if (settings.unsafeFlags === null && settings.unsigned) {
    return { keys: null, status: "dev_allow_unsigned", error: null };
  }
  try {
    const keys = KeyRing.fromEnv(
      settings.variables.RECOTEM_SIGNING_KEYS ?? undefined,
      events,
    );
    return { keys, status: "configured", error: settings.unsafeFlags };
  } catch (error) {
    const missing = error instanceof RecotemError &&
      error.code === "signing_key_missing";
    return {
      keys: null,
      status: missing ? "missing" : "construction_failed",
      error: settings.unsafeFlags ?? error,
    };
  }
}
