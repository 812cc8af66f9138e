import { decodeOpened } from "./_decode_opened.ts";
import { openEnvelope } from "./_open_envelope.ts";
import { runSteps } from "./_run_steps.ts";
import type { Artifact } from "./artifact.ts";
import type { VerifyOptions } from "./verify_options.ts";

/** Options of {@linkcode decodeArtifact}. */
export interface DecodeOptions extends VerifyOptions {
  /** Name of the recipe that the artifact must belong to. */
  readonly recipeName?: string;
}

/**
 * Opens an artifact: sizes and fixed fields, MAC, header, tensors, in this order. Nothing is interpreted before the MAC
 * of all of it was right.
 *
 * Costs two hashes of the file (HMAC and SHA-256) and no copy: the tensors are views of `bytes`, which must not change
 * from now on.
 *
 * @param bytes The file. Starts at a multiple of 8 bytes in its buffer, which may be shared or WebAssembly memory.
 * @throws {RecotemError} `artifact_error`; `details.reason` is `parse`, `hmac`, `header_json` or `deserialize`.
 * @throws {RangeError} When `bytes` starts elsewhere.
 */
export function decodeArtifact(
  bytes: Uint8Array,
  { recipeName, ...options }: DecodeOptions,
): Artifact {
  return decodeOpened(runSteps(openEnvelope(bytes, options)), recipeName);
}
