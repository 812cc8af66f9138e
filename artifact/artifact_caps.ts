/** The largest artifact that is taken. */
export interface ArtifactCaps {
  /** Bytes of the file (`RECOTEM_MAX_ARTIFACT_BYTES`). */
  readonly maxArtifactBytes: number;
  /** Bytes of its payload (`RECOTEM_MAX_PAYLOAD_BYTES`). */
  readonly maxPayloadBytes: number;
}
