import type { Environment } from "../config/environment.ts";
import { GcsService } from "./_gcs_service.ts";
import { gcsSettings } from "./_gcs_settings.ts";
import { ObjectStore } from "./_object_store.ts";

/**
 * Objects of Google Cloud Storage, by `gs://bucket/name`. Versions are generations, which conditional writes name.
 *
 * Who asks is told by the key file that `GOOGLE_APPLICATION_CREDENTIALS` names, or by the metadata server of the machine.
 * Needs `--allow-env` for that variable, `GCE_METADATA_HOST` and `STORAGE_EMULATOR_HOST`; `--allow-net` for
 * `storage.googleapis.com:443`, and for `oauth2.googleapis.com:443` and `--allow-read` for the key file, or else for
 * `metadata.google.internal:80`.
 */
export class GcsStore extends ObjectStore {
  /**
   * A store that reads the variables at its first request.
   *
   * @param waitSeconds Longest wait for an answer, and for more of one.
   */
  constructor(env: Environment, waitSeconds: number = 60) {
    super(new GcsService(() => gcsSettings(env), waitSeconds));
  }
}
