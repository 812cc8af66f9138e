import { RecotemError } from "../errors.ts";

/** One key that clients may present, known by its digest only. */
export interface ApiKey {
  /** Key id, `[A-Za-z0-9_.-]{1,32}`. */
  readonly kid: string;
  /** Digest of the key, 64 lower-case hex digits. */
  readonly digest: string;
}

const ENTRY =
  /^(?<kid>[A-Za-z0-9_.-]{1,32}):sha256:(?<digest>[0-9a-fA-F]{64})$/;

/**
 * Reads `kid:sha256:hex64[,...]`.
 *
 * @returns At least one key, in the order of the text.
 * @throws {RecotemError} `config_error` when an entry is malformed, a kid repeats, or there is no entry at all: a
 * variable that is set and names no key must not switch authentication off. Messages never repeat an entry.
 */
export function parseApiKeys(text: string): readonly ApiKey[] {
  const keys: ApiKey[] = [];
  const entries = text.split(",").map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  for (const [index, entry] of entries.entries()) {
    const match = ENTRY.exec(entry)?.groups;
    if (match === undefined) {
      throw new RecotemError(
        "config_error",
        `RECOTEM_API_KEYS entry ${
          index + 1
        } is malformed: it must be kid:sha256:<64 hex digits>, as printed by "recotem keygen --type api"`,
      );
    }
    const kid = match.kid!;
    if (keys.some((key) => key.kid === kid)) {
      throw new RecotemError(
        "config_error",
        `RECOTEM_API_KEYS names the kid "${kid}" twice: each entry needs its own`,
      );
    }
    keys.push({ kid, digest: match.digest!.toLowerCase() });
  }
  if (keys.length === 0) {
    throw new RecotemError(
      "config_error",
      "RECOTEM_API_KEYS is set but names no key: unset it to serve this machine only, or add kid:sha256:<64 hex digits>",
    );
  }
  return keys;
}
