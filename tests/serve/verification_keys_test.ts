import { assertEquals, assertInstanceOf } from "@std/assert";
import { SILENT } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import { verificationKeys } from "../../serve/verification_keys.ts";
import { settingsOf } from "./settings_of.ts";
import { SIGNING_KEYS } from "./shop.ts";

const KEYS = { RECOTEM_SIGNING_KEYS: SIGNING_KEYS };
const DEVELOPMENT = { RECOTEM_ENV: "development" };
const UNSIGNED = [
  "--dev-allow-unsigned",
  "--i-understand-this-loads-arbitrary-code",
];

/** What becomes of flags and variables: kids, status, and the exit code when the server must not start. */
function outcome(
  flags: readonly string[],
  variables: Record<string, string>,
): { kids: string[] | null; status: string; exit: number | null } {
  const { keys, status, error } = verificationKeys(
    settingsOf(flags, variables),
    SILENT,
  );
  if (error !== null) assertInstanceOf(error, RecotemError);
  return {
    kids: keys?.entries.map(({ kid }) => kid) ?? null,
    status,
    exit: error === null ? null : (error as RecotemError).exitCode,
  };
}

Deno.test("verificationKeys() makes the ring of RECOTEM_SIGNING_KEYS", () => {
  assertEquals(outcome([], KEYS), {
    kids: ["test"],
    status: "configured",
    exit: null,
  });
  const two = `${SIGNING_KEYS},old:${"0b".repeat(32)}`;
  assertEquals(outcome([], { RECOTEM_SIGNING_KEYS: two }).kids, [
    "test",
    "old",
  ]);
});

Deno.test("verificationKeys() stops a server without keys, and one whose keys are malformed", () => {
  for (const variables of [{}, { RECOTEM_SIGNING_KEYS: " " }]) {
    assertEquals(outcome([], variables), {
      kids: null,
      status: "missing",
      exit: 8,
    });
  }
  for (const keys of ["a", "a:5a", ",", `${SIGNING_KEYS},${SIGNING_KEYS}`]) {
    assertEquals(outcome([], { RECOTEM_SIGNING_KEYS: keys }), {
      kids: null,
      status: "construction_failed",
      exit: 8,
    });
  }
});

Deno.test("verificationKeys() verifies nothing with --dev-allow-unsigned where it is allowed, keys or not", () => {
  for (const variables of [DEVELOPMENT, { ...DEVELOPMENT, ...KEYS }]) {
    assertEquals(outcome(UNSIGNED, variables), {
      kids: null,
      status: "dev_allow_unsigned",
      exit: null,
    });
  }
});

Deno.test("verificationKeys() stops a server with unsafe flags where they are not allowed, and reports its keys", () => {
  for (
    const flags of [UNSIGNED, UNSIGNED.slice(0, 1), ["--insecure-no-auth"]]
  ) {
    assertEquals(outcome(flags, KEYS), {
      kids: ["test"],
      status: "configured",
      exit: 8,
    });
    assertEquals(outcome(flags, {}), {
      kids: null,
      status: "missing",
      exit: 8,
    });
  }
});
