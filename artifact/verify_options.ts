import type { Events } from "../core/config/events.ts";
import type { ArtifactCaps } from "./artifact_caps.ts";
import type { KeyRing } from "./key_ring.ts";

/** What it takes to trust a file. */
export interface VerifyOptions extends ArtifactCaps {
  /** Null takes any file that is well formed, whoever signed it: for development only. */
  readonly keys: KeyRing | null;
  /** Told of `artifact_kid_unknown` and `artifact_hmac_mismatch`. */
  readonly events?: Events;
}
