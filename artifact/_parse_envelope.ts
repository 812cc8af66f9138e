import { artifactError } from "./_artifact_error.ts";
import {
  CONTAINER_VERSION,
  MAC_BYTES,
  MAGIC,
  MAX_HEADER_BYTES,
  MAX_KID_BYTES,
  PREFIX_BYTES,
} from "./_layout.ts";
import type { ArtifactCaps } from "./artifact_caps.ts";

/** The sections of a file, as views of it; nothing in them is to be trusted yet. */
export interface Envelope {
  /** The whole file. */
  readonly file: Uint8Array;
  readonly kid: Uint8Array;
  readonly mac: Uint8Array;
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
}

/**
 * Finds the sections of a file. Looks at sizes and fixed fields only.
 *
 * @throws {RecotemError} `artifact_error`, reason `parse`.
 */
export function parseEnvelope(
  file: Uint8Array,
  { maxArtifactBytes, maxPayloadBytes }: ArtifactCaps,
): Envelope {
  if (file.length > maxArtifactBytes) {
    throw refusal(
      `is larger than ${maxArtifactBytes} bytes (RECOTEM_MAX_ARTIFACT_BYTES)`,
    );
  }
  const fields = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let position = 0;
  function take(bytes: number, section: string): Uint8Array {
    if (file.length - position < bytes) {
      throw refusal(`is cut short in its ${section}`);
    }
    return file.subarray(position, position += bytes);
  }

  const prefix = take(PREFIX_BYTES, "first fields");
  if (MAGIC.some((byte, index) => byte !== prefix[index])) {
    throw refusal("does not start with RECOTEM: is it another file?");
  }
  const version = fields.getUint16(8, true);
  if (version !== CONTAINER_VERSION) {
    throw refusal(
      `has container version ${version}: this program reads ${CONTAINER_VERSION}`,
    );
  }
  if (fields.getUint16(10, true) !== 0) {
    throw refusal("has reserved bytes that are not zero");
  }
  const kidBytes = prefix[12]!;
  if (kidBytes < 1 || kidBytes > MAX_KID_BYTES) {
    throw refusal(
      `has a kid of ${kidBytes} bytes: 1 to ${MAX_KID_BYTES} are allowed`,
    );
  }
  const kid = take(kidBytes, "kid");
  const mac = take(MAC_BYTES, "MAC");
  const lengthPosition = position;
  take(4, "header length");
  const headerBytes = fields.getUint32(lengthPosition, true);
  if (headerBytes > MAX_HEADER_BYTES) {
    throw refusal(
      `has a header of ${headerBytes} bytes: ${MAX_HEADER_BYTES} are allowed`,
    );
  }
  const header = take(headerBytes, "header");
  const payload = file.subarray(position);
  if (payload.length > maxPayloadBytes) {
    throw refusal(
      `has a payload larger than ${maxPayloadBytes} bytes (RECOTEM_MAX_PAYLOAD_BYTES)`,
    );
  }
  return { file, kid, mac, header, payload };
}

function refusal(problem: string): Error {
  return artifactError("parse", `Artifact ${problem}`);
}
