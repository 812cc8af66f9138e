import type { NamedTensors } from "../core/models/model.ts";
import type { ArtifactHeader } from "./header.ts";

/** A signed box of header and named tensors, opened. It knows no model. */
export interface Artifact {
  /** What it says of itself. */
  readonly header: ArtifactHeader;
  /** Which key signed it, safe to show. */
  readonly kid: string;
  /** SHA-256 of the file, 64 hex digits. */
  readonly digest: string;
  /** Views of the bytes that the artifact was decoded from. */
  readonly tensors: NamedTensors;
}
