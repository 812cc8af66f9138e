import { createHash } from "node:crypto";
import { SILENT } from "../core/config/events.ts";
import { equalInConstantTime } from "../core/std/crypto.ts";
import { artifactError } from "./_artifact_error.ts";
import { type Envelope, parseEnvelope } from "./_parse_envelope.ts";
import { escapeKid } from "./escape_kid.ts";
import type { VerifyOptions } from "./verify_options.ts";

/** Bytes that are hashed in one step: about 1.5 ms. */
const STEP_BYTES = 2 ** 20;

/** Sections of a file that may be interpreted now. */
export interface OpenedEnvelope extends Envelope {
  readonly kidText: string;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
}

/**
 * Finds the sections of a file and verifies them, in steps, between which a server can answer requests. Each byte is
 * hashed twice, for the MAC and for the digest, and never copied.
 *
 * @throws {RecotemError} `artifact_error`, reason `parse` or `hmac`.
 */
export function* openEnvelope(
  file: Uint8Array,
  { keys, events = SILENT, ...caps }: VerifyOptions,
): Generator<void, OpenedEnvelope> {
  const envelope = parseEnvelope(file, caps);
  const { kid, mac, header, payload } = envelope;
  const kidText = readKid(kid);
  const hmac = keys?.createHmac(kidText);
  const shownKid = escapeKid(kidText);
  if (hmac === null) {
    events.warn("artifact_kid_unknown", { kid: shownKid });
    throw artifactError(
      "hmac",
      `Artifact is signed with the unknown kid '${shownKid}': add its key to RECOTEM_SIGNING_KEYS or train again`,
    );
  }
  hmac?.update(kid).update(header);
  const hash = createHash("sha256");
  hash.update(file.subarray(0, file.length - payload.length));
  for (let start = 0; start < payload.length; start += STEP_BYTES) {
    const step = payload.subarray(start, start + STEP_BYTES);
    hmac?.update(step);
    hash.update(step);
    yield;
  }
  if (hmac && !equalInConstantTime(hmac.digest(), mac.slice())) {
    events.warn("artifact_hmac_mismatch", { kid: shownKid });
    throw artifactError(
      "hmac",
      `Artifact does not match its signature by kid '${shownKid}': it was changed, or signed with another key of that name`,
    );
  }
  return { ...envelope, kidText: shownKid, digest: hash.digest("hex") };
}

function readKid(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch (cause) {
    throw artifactError("parse", "Artifact has a kid that is not UTF-8", cause);
  }
}
