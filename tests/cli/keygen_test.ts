import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { createHash } from "node:crypto";
import { parseApiKeys } from "../../core/config/api_key.ts";
import { ApiKeys } from "../../serve/api_keys.ts";
import { type Outcome, recotem } from "./recotem.ts";

/** The `name=value` lines of an answer. */
function fields({ code, out, err }: Outcome): Record<string, string> {
  assertEquals([code, err], [0, ""]);
  assert(out.endsWith("\n"));
  return Object.fromEntries(
    out.trimEnd().split("\n").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

Deno.test("recotem keygen prints a signing key of 32 bytes, its fingerprint and its entry", async () => {
  const key = fields(await recotem(["keygen"]));
  assertEquals(Object.keys(key), [
    "kid",
    "plaintext",
    "fingerprint",
    "env_entry",
  ]);
  assertMatch(key.kid!, /^[0-9a-f]{8}$/);
  assertMatch(key.plaintext!, /^[0-9a-f]{64}$/);
  const digest = createHash("sha256")
    .update(Uint8Array.fromHex(key.plaintext!)).digest("hex");
  assertMatch(key.fingerprint!, /^[0-9a-f]{8} +\S/);
  assertEquals(key.fingerprint!.slice(0, 8), digest.slice(0, 8));
  assertEquals(
    key.env_entry,
    `RECOTEM_SIGNING_KEYS=${key.kid}:${key.plaintext}`,
  );
});

Deno.test("recotem keygen --type api prints a key that the server accepts by its entry", async () => {
  const key = fields(
    await recotem(["keygen", "--type", "api", "--kid", "shop"]),
  );
  assertEquals(Object.keys(key), ["kid", "plaintext", "hash", "env_entry"]);
  assertMatch(key.plaintext!, /^[A-Za-z0-9_-]{43}$/);
  assertMatch(key.hash!, /^sha256:[0-9a-f]{64}$/);
  assertEquals(key.env_entry, `RECOTEM_API_KEYS=shop:${key.hash}`);
  const entry = key.env_entry!.slice("RECOTEM_API_KEYS=".length);
  const keys = new ApiKeys(parseApiKeys(entry));
  assertEquals(keys.verify(key.plaintext), { kid: "shop" });
});

Deno.test("recotem keygen never prints the same key twice", async () => {
  const first = fields(await recotem(["keygen", "--kid", "a"]));
  const second = fields(await recotem(["keygen", "--kid", "a"]));
  assertNotEquals(first.plaintext, second.plaintext);
});

for (
  const kid of ["a:b", "", "ü", "a".repeat(33), "0123456789abcdef".repeat(2)]
) {
  Deno.test(`recotem keygen refuses the kid ${JSON.stringify(kid)}`, async () => {
    const { code, out } = await recotem(["keygen", `--kid=${kid}`]);
    assertEquals([code, out], [2, ""]);
  });
}
