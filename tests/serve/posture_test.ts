import { assertEquals } from "@std/assert";
import { announcePosture } from "../../serve/posture.ts";
import { recordEvents } from "../artifact/record_events.ts";
import { settingsOf } from "./settings_of.ts";
import { KEYS, SIGNING_KEYS } from "./shop.ts";

Deno.test("announcePosture() tells how the server is protected, of keys only fingerprints", () => {
  const { events, recorded } = recordEvents();
  const settings = settingsOf([], {
    RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
    RECOTEM_API_KEYS: `one:sha256:${"0a".repeat(32)}`,
    RECOTEM_HOST: "0.0.0.0",
    RECOTEM_ENV: "production",
    RECOTEM_ALLOWED_HOSTS: "api.example.com",
    RECOTEM_ALLOWED_ORIGINS: "https://shop.example",
  });
  announcePosture(settings, KEYS, "configured", events);
  const { kid, fingerprint } = KEYS.entries[0]!;
  assertEquals(recorded, [{
    level: "info",
    event: "security.posture",
    fields: {
      auth_enabled: true,
      platform_routes_open: false,
      bind_host: "0.0.0.0",
      signing_keys: [{ kid, fingerprint }],
      signing_kids: ["test"],
      signing_key_status: "configured",
      env: "production",
      allowed_hosts: ["api.example.com"],
      allowed_origins: ["https://shop.example"],
      playground: false,
      unsafe_mode: false,
    },
  }]);
  assertEquals(fingerprint.length, 8);
});

Deno.test("announcePosture() tells of unsafe flags, and of keys that are not there", () => {
  const { events, recorded } = recordEvents();
  for (const flag of ["--insecure-no-auth", "--dev-allow-unsigned"]) {
    announcePosture(settingsOf([flag]), null, "missing", events);
  }
  assertEquals(recorded.length, 2);
  for (const { fields } of recorded) {
    assertEquals(
      [
        fields?.unsafe_mode,
        fields?.auth_enabled,
        fields?.signing_keys,
        fields?.signing_key_status,
      ],
      [true, false, [], "missing"],
    );
  }
});
