import { createHash, createHmac, type Hmac } from "node:crypto";
import { type Events, SILENT } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";

const KEY_BYTES = 32;
const KID = /^[A-Za-z0-9_.-]{1,32}$/;

/** One key, without the key. */
export interface KeyRingEntry {
  /** Key id, `[A-Za-z0-9_.-]{1,32}`. */
  readonly kid: string;
  /** First 8 hex digits of the key's SHA-256; safe to show. */
  readonly fingerprint: string;
}

/** The keys of `RECOTEM_SIGNING_KEYS`: the first signs, all verify. No key can be read out of it. */
export class KeyRing {
  /** Kid of the key that signs. */
  readonly activeKid: string;
  /** All keys, in the order of the variable. */
  readonly entries: readonly KeyRingEntry[];
  readonly #keys: ReadonlyMap<string, Uint8Array>;

  private constructor(keys: ReadonlyMap<string, Uint8Array>) {
    this.#keys = keys;
    this.entries = [...keys].map(([kid, key]) => ({
      kid,
      fingerprint: createHash("sha256").update(key).digest("hex").slice(0, 8),
    }));
    this.activeKid = this.entries[0]!.kid;
  }

  /**
   * Reads `kid:hex64[,kid:hex64...]`.
   *
   * @throws {RecotemError} `config_error` when there is no entry or one is malformed. Messages give an entry's place and
   * repeat nothing of it, since key material may stand anywhere in it; `details.reason` tells the rule.
   */
  static parse(text: string): KeyRing {
    const keys = new Map<string, Uint8Array>();
    const entries = text.split(",").map((entry) => entry.trim())
      .filter((entry) => entry !== "");
    for (const [index, entry] of entries.entries()) {
      const [kid, key] = parseEntry(entry, index);
      if (keys.has(kid)) {
        throw malformed(
          index,
          "duplicate_kid",
          "has the kid of an earlier entry: each needs its own",
        );
      }
      keys.set(kid, key);
    }
    if (keys.size === 0) {
      throw new RecotemError(
        "config_error",
        "RECOTEM_SIGNING_KEYS has no entry: it must be kid:<64 hex digits>",
        { details: { reason: "no_entry" } },
      );
    }
    return new KeyRing(keys);
  }

  /**
   * Reads the variable, and tells of it: `signing_keyring_built`, or `signing_keyring_invalid` before the error of
   * {@linkcode KeyRing.parse}.
   *
   * @param value The variable's value; undefined when it is not set.
   * @throws {RecotemError} `signing_key_missing` when it is not set, or blank.
   */
  static fromEnv(value: string | undefined, events: Events = SILENT): KeyRing {
    if (value === undefined || value.trim() === "") {
      throw new RecotemError(
        "signing_key_missing",
        'RECOTEM_SIGNING_KEYS is not set: make a key with "recotem keygen" and set kid:<64 hex digits>',
      );
    }
    try {
      const ring = KeyRing.parse(value);
      events.info("signing_keyring_built", {
        n_keys: ring.entries.length,
        active_kid: ring.activeKid,
        fingerprints: ring.entries,
      });
      return ring;
    } catch (error) {
      if (error instanceof RecotemError) {
        events.warn("signing_keyring_invalid", {
          reason: error.details.reason,
        });
      }
      throw error;
    }
  }

  /** A key that everyone knows, kid `dev`: for development, where artifacts need not be trusted. */
  static developmentUnsigned(): KeyRing {
    return new KeyRing(new Map([["dev", new Uint8Array(KEY_BYTES)]]));
  }

  /** Starts an HMAC-SHA256 with the key of `kid`; null when there is none. */
  createHmac(kid: string): Hmac | null {
    const key = this.#keys.get(kid);
    return key === undefined ? null : createHmac("sha256", key);
  }
}

function parseEntry(entry: string, index: number): [string, Uint8Array] {
  const colon = entry.indexOf(":");
  if (colon === -1) {
    throw malformed(
      index,
      "no_colon",
      "has no colon: it must be kid:<64 hex digits>",
    );
  }
  const kid = entry.slice(0, colon);
  const hex = entry.slice(colon + 1);
  if (!KID.test(kid)) {
    throw malformed(
      index,
      "bad_kid",
      "has a malformed kid: it must be 1 to 32 letters, digits, dots, underscores or dashes",
    );
  }
  if (/^[0-9a-f]{32}$/i.test(kid)) {
    throw malformed(
      index,
      "kid_looks_like_hex_key_material",
      "has a kid of 32 hex digits, which looks like a key: use a name, such as prod-2026; the key belongs after the colon",
    );
  }
  if (!/^[0-9a-f]*$/i.test(hex)) {
    throw malformed(index, "bad_hex", "has a key that is not hex digits");
  }
  if (hex.length !== 2 * KEY_BYTES) {
    throw malformed(
      index,
      "bad_length",
      `has a key of ${hex.length} hex digits: it must be ${2 * KEY_BYTES}`,
    );
  }
  return [kid, Uint8Array.fromHex(hex)];
}

function malformed(
  index: number,
  reason: string,
  problem: string,
): RecotemError {
  return new RecotemError(
    "config_error",
    `RECOTEM_SIGNING_KEYS entry ${index + 1} ${problem}`,
    { details: { reason } },
  );
}
