import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { KeyRing } from "../../artifact/key_ring.ts";
import { RecotemError } from "../../core/errors.ts";
import { recordEvents } from "./record_events.ts";

const A = "a1".repeat(32);
const B = "0123456789abcdefABCDEF0123456789".repeat(2);

Deno.test("KeyRing.parse() keeps the order; the first kid is active", () => {
  const ring = KeyRing.parse(`new:${A},old:${B}`);
  assertEquals(ring.activeKid, "new");
  assertEquals(ring.entries.map(({ kid }) => kid), ["new", "old"]);
});

Deno.test("KeyRing.parse() takes blanks around entries, and a comma at the end", () => {
  const ring = KeyRing.parse(` a:${A} ,\n b:${B},`);
  assertEquals(ring.entries.map(({ kid }) => kid), ["a", "b"]);
});

Deno.test("KeyRing.entries have the first 8 hex digits of the key's SHA-256", () => {
  // printf '00%.0s' {1..32} | xxd -r -p | sha256sum
  assertEquals(KeyRing.developmentUnsigned().entries, [
    { kid: "dev", fingerprint: "66687aad" },
  ]);
});

Deno.test("KeyRing.createHmac() is HMAC-SHA256 with the key of the kid", () => {
  // RFC 4231 has no key of 32 bytes. Python: hmac.new(bytes.fromhex("a1"*32), b"abc", "sha256").hexdigest()
  const ring = KeyRing.parse(`x:${B},a:${A}`);
  assertEquals(
    ring.createHmac("a")!.update("abc").digest("hex"),
    "830a60b49cb437dc17385a5eb665f6ea1817d83336bd536979f36b7e7471a909",
  );
  assertEquals(ring.createHmac("A"), null);
  assertEquals(ring.createHmac("__proto__"), null);
});

const REFUSED: readonly (readonly [string, string, string])[] = [
  ["no colon", A, "no_colon"],
  ["an empty kid", `:${A}`, "bad_kid"],
  ["a kid of 33 characters", `${"k".repeat(33)}:${A}`, "bad_kid"],
  ["a kid with a blank", `a b:${A}`, "bad_kid"],
  ["a kid with a newline", `a\n:${A}`, "bad_kid"],
  ["a kid outside ASCII", `ключ:${A}`, "bad_kid"],
  ["a kid with a slash", `a/b:${A}`, "bad_kid"],
  ["bad hex", `a:${"g1".repeat(32)}`, "bad_hex"],
  ["a blank in the key", `a: ${A.slice(1)}`, "bad_hex"],
  ["a key that is too short", `a:${A.slice(2)}`, "bad_length"],
  ["a key of odd length", `a:${A.slice(1)}`, "bad_length"],
  ["a key that is too long", `a:${A}00`, "bad_length"],
  ["no key", "a:", "bad_length"],
  ["another kind of key", `a:ed25519:${A}`, "bad_hex"],
  ["a duplicate kid", `a:${B},a:${A}`, "duplicate_kid"],
  [
    "a kid of 32 hex digits",
    `${A.slice(32)}:${A}`,
    "kid_looks_like_hex_key_material",
  ],
  [
    "a kid of 32 capital hex digits",
    `${"AB".repeat(16)}:${A}`,
    "kid_looks_like_hex_key_material",
  ],
  ["a key in the place of the kid", `${A}:name`, "bad_kid"],
  ["a bad entry after good ones", `a:${A},b:${B},c`, "no_colon"],
  ["commas only", " , ,", "no_entry"],
];

for (const [what, text, reason] of REFUSED) {
  Deno.test(`KeyRing.parse() refuses ${what}`, () => {
    const error = assertThrows(() => KeyRing.parse(text), RecotemError);
    assertEquals(error.code, "config_error");
    assertEquals(error.exitCode, 8);
    assertEquals(error.details, { reason });
    assertMatch(error.message, /^RECOTEM_SIGNING_KEYS (entry \d )?has /);
    assertNoKeyMaterial(error, text);
  });
}

Deno.test("KeyRing.parse() takes kids of 31 hex digits and of 32 other characters", () => {
  KeyRing.parse(`${"a".repeat(31)}:${A},${"k".repeat(32)}:${A},A-b_c.9:${A}`);
});

Deno.test("KeyRing.parse() tells the place of the bad entry", () => {
  assertThrows(
    () => KeyRing.parse(`a:${A},b:${B},c:1`),
    RecotemError,
    "entry 3",
  );
});

Deno.test("KeyRing.parse() takes or refuses any text, and never shows it", () => {
  const part = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(A, B, "a", ":", ",", "dev", "_.-"),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const text = parts.join("");
      try {
        assertMatch(KeyRing.parse(text).activeKid, /^[A-Za-z0-9_.-]{1,32}$/);
      } catch (error) {
        if (!(error instanceof RecotemError)) throw error;
        assertNoKeyMaterial(error, text);
      }
    }),
  );
});

Deno.test("KeyRing shows no key, whichever way it is shown", () => {
  const ring = KeyRing.parse(`a:${A},b:${B}`);
  const shown = [
    Deno.inspect(ring, { depth: 10, showHidden: true }),
    JSON.stringify(ring),
    String(ring),
    JSON.stringify(Object.entries(ring)),
  ].join("\n");
  assertEquals(shown.toLowerCase().includes(A.slice(0, 16)), false);
  assertEquals(shown.includes(" 161, 161"), false);
});

Deno.test("KeyRing.fromEnv() tells of the keys by fingerprint", () => {
  const { events, recorded } = recordEvents();
  const ring = KeyRing.fromEnv(`a:${A},b:${B}`, events);
  assertEquals(recorded, [{
    level: "info",
    event: "signing_keyring_built",
    fields: { n_keys: 2, active_kid: "a", fingerprints: ring.entries },
  }]);
  const [first, second] = ring.entries;
  assertMatch(first!.fingerprint, /^[0-9a-f]{8}$/);
  assertNotEquals(first!.fingerprint, second!.fingerprint);
});

Deno.test("KeyRing.fromEnv() refuses a missing variable", () => {
  for (const value of [undefined, "", " \n"]) {
    const { events, recorded } = recordEvents();
    const error = assertThrows(
      () => KeyRing.fromEnv(value, events),
      RecotemError,
    );
    assertEquals(error.code, "signing_key_missing");
    assertEquals(error.exitCode, 8);
    assertEquals(recorded, []);
  }
});

Deno.test("KeyRing.fromEnv() tells which rule was broken", () => {
  const { events, recorded } = recordEvents();
  assertThrows(() => KeyRing.fromEnv(`a:${A},a:${A}`, events), RecotemError);
  assertEquals(recorded, [{
    level: "warn",
    event: "signing_keyring_invalid",
    fields: { reason: "duplicate_kid" },
  }]);
});

/** No run of 8 characters of the text, its own words aside, stands in the error. */
function assertNoKeyMaterial(error: RecotemError, text: string): void {
  const shown = `${error.stack} ${JSON.stringify(error.details)}`;
  for (const run of text.match(/[0-9a-f]{8,}/gi) ?? []) {
    assertEquals(shown.includes(run.slice(0, 8)), false);
  }
}
