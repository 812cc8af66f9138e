import { assertEquals, assertNotEquals } from "@std/assert";
import { scryptSync } from "node:crypto";
import { apiKeyDigest, ApiKeys } from "../../serve/api_keys.ts";

const GOOD = "g".repeat(43);
const OTHER = "o".repeat(43);

function keys(...entries: (readonly [kid: string, key: string])[]): ApiKeys {
  return new ApiKeys(
    entries.map(([kid, key]) => ({ kid, digest: apiKeyDigest(key).toHex() })),
  );
}

Deno.test("apiKeyDigest() is scrypt with the documented parameters", () => {
  assertEquals(
    apiKeyDigest(GOOD).toHex(),
    new Uint8Array(
      scryptSync(GOOD, "recotem.api-key.v1", 32, { N: 2, r: 8, p: 1 }),
    ).toHex(),
  );
  // Known answer, made with Python's hashlib.scrypt.
  assertEquals(
    apiKeyDigest(GOOD).toHex(),
    "313d850f912afb3e37858664ce58c9de7c1c739e95e6be84e8265a9066b78dcc",
  );
  assertNotEquals(apiKeyDigest(GOOD).toHex(), apiKeyDigest(OTHER).toHex());
});

Deno.test("ApiKeys.verify() names the kid of a good key, again and again", () => {
  const ring = keys(["a", OTHER], ["b", GOOD]);
  assertEquals(ring.verify(GOOD), { kid: "b" });
  assertEquals(ring.verify(GOOD), { kid: "b" });
  assertEquals(ring.verify(OTHER), { kid: "a" });
});

Deno.test("ApiKeys.verify() names the first of two entries with the same key", () => {
  assertEquals(keys(["a", GOOD], ["b", GOOD]).verify(GOOD), { kid: "a" });
});

Deno.test("ApiKeys.verify() refuses all else, after good keys too", () => {
  const ring = keys(["a", GOOD]);
  ring.verify(GOOD);
  assertEquals(ring.verify(undefined), { refused: "missing" });
  assertEquals(ring.verify(""), { refused: "too short" });
  assertEquals(ring.verify("g".repeat(31)), { refused: "too short" });
  assertEquals(ring.verify("g".repeat(32)), { refused: "wrong" });
  assertEquals(ring.verify("g".repeat(256)), { refused: "wrong" });
  assertEquals(ring.verify("g".repeat(257)), { refused: "too long" });
  assertEquals(ring.verify(` ${GOOD}`), { refused: "wrong" });
  assertEquals(ring.verify(OTHER), { refused: "wrong" });
});

Deno.test("ApiKeys.verify() takes no digest for a key", () => {
  const ring = keys(["a", GOOD]);
  assertEquals(ring.verify(apiKeyDigest(GOOD).toHex()), { refused: "wrong" });
});
