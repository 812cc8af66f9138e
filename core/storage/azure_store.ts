import type { Environment } from "../config/environment.ts";
import { AzureService } from "./_azure_service.ts";
import { azureSettings } from "./_azure_settings.ts";
import { ObjectStore } from "./_object_store.ts";

/**
 * Blobs of Azure Storage, by `az://container/name` or `az://container@account/name`; `abfs:` and `abfss:` name the same
 * blobs. Versions are ETags; conditional writes are `If-Match` and `If-None-Match`.
 *
 * Needs `--allow-env` for the variables `AZURE_STORAGE_CONNECTION_STRING`, `AZURE_STORAGE_ACCOUNT_NAME`,
 * `AZURE_STORAGE_ACCOUNT_KEY` and `AZURE_STORAGE_SAS_TOKEN`, and `--allow-net` for
 * `account.blob.core.windows.net:443` or the connection string's endpoint.
 */
export class AzureStore extends ObjectStore {
  /**
   * A store that reads the variables at its first request.
   *
   * @param waitSeconds Longest wait for an answer, and for more of one.
   */
  constructor(env: Environment, waitSeconds: number = 60) {
    super(
      new AzureService(
        (authority) => azureSettings(env, authority),
        waitSeconds,
      ),
    );
  }
}
