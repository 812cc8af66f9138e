import { createHash, randomBytes, scryptSync } from "node:crypto";
import type { ApiKey } from "../core/config/api_key.ts";
import { equalInConstantTime } from "../core/std/crypto.ts";

const SALT = "recotem.api-key.v1";
const MIN_LENGTH = 32;
const MAX_LENGTH = 256;
/** Digested in place of a value that cannot be a key, so that every refusal takes as long as a wrong key. */
const DUMMY = "x".repeat(43);

/** Why a presented key was refused; for the log, the client is told less. */
export type KeyRefusal = "missing" | "too short" | "too long" | "wrong";

/**
 * Digest of an API key: scrypt, with the parameters that the digests of `RECOTEM_API_KEYS` are made with. About 15 µs.
 */
export function apiKeyDigest(key: string): Uint8Array {
  return scryptSync(key, SALT, 32, { N: 2, r: 8, p: 1 });
}

/** The keys that clients may present, as digests. */
export class ApiKeys {
  readonly #entries: readonly { kid: string; digest: Uint8Array }[];
  /**
   * Keys that were accepted before, as hashes under a secret of this process, because the digest alone would take a
   * seventh of the time of a prediction. Only acceptance becomes faster, which its answer tells anyway: all refusals
   * still make one digest. Whoever reads the memory of the process finds no key here, and whoever measures look-ups
   * cannot choose a hash without the secret. It holds no more entries than there are keys.
   */
  readonly #accepted = new Map<string, string>();
  readonly #secret = randomBytes(32);

  /** Takes the keys as `RECOTEM_API_KEYS` names them. */
  constructor(keys: readonly ApiKey[]) {
    this.#entries = keys.map(({ kid, digest }) => ({
      kid,
      digest: Uint8Array.fromHex(digest),
    }));
  }

  /** The kid of the presented key, or why it is refused. */
  verify(
    presented: string | undefined,
  ): { kid: string } | { refused: KeyRefusal } {
    const implausible = presented === undefined
      ? "missing"
      : presented.length < MIN_LENGTH
      ? "too short"
      : presented.length > MAX_LENGTH
      ? "too long"
      : null;
    if (implausible !== null) {
      this.#match(apiKeyDigest(DUMMY));
      return { refused: implausible };
    }
    const hash = this.#hash(presented!);
    const known = this.#accepted.get(hash);
    if (known !== undefined) return { kid: known };
    const kid = this.#match(apiKeyDigest(presented!));
    if (kid === null) return { refused: "wrong" };
    this.#accepted.set(hash, kid);
    return { kid };
  }

  /** Whether the key was found good before; tells nothing of keys that were not presented yet. */
  hasAccepted(presented: string): boolean {
    return this.#accepted.has(this.#hash(presented));
  }

  #hash(presented: string): string {
    return createHash("sha256").update(this.#secret).update(presented)
      .digest("base64");
  }

  /** Compares with every entry, whether or not one has matched. */
  #match(digest: Uint8Array): string | null {
    let found: string | null = null;
    for (const entry of this.#entries) {
      const equal = equalInConstantTime(digest, entry.digest);
      if (equal && found === null) found = entry.kid;
    }
    return found;
  }
}
