import type { KeyRing } from "../artifact/key_ring.ts";
import type { Events } from "../core/config/events.ts";
import type { Settings } from "./settings.ts";

/** How far verification of artifacts got at start. */
export type SigningKeyStatus =
  | "configured"
  | "dev_allow_unsigned"
  | "missing"
  | "construction_failed";

/** Says at every start, failed ones too, how well the server is protected; of keys only fingerprints. */
export function announcePosture(
  settings: Settings,
  keys: KeyRing | null,
  status: SigningKeyStatus,
  events: Events,
): void {
  const signingKeys = keys?.entries.map(({ kid, fingerprint }) => ({
    kid,
    fingerprint,
  })) ?? [];
  events.info("security.posture", {
    auth_enabled: settings.apiKeys.length > 0,
    platform_routes_open: settings.adapters.platform,
    bind_host: settings.host,
    signing_keys: signingKeys,
    signing_kids: signingKeys.map(({ kid }) => kid),
    signing_key_status: status,
    env: settings.variables.RECOTEM_ENV,
    allowed_hosts: settings.variables.RECOTEM_ALLOWED_HOSTS,
    allowed_origins: settings.variables.RECOTEM_ALLOWED_ORIGINS,
    playground: settings.playground,
    unsafe_mode: settings.unsigned || settings.insecureNoAuth,
  });
}
