import type { Environment } from "../config/environment.ts";
import { RecotemError } from "../errors.ts";
import { readAll } from "./_read_all.ts";

/** Variables that {@linkcode azureSettings} reads. */
export const AZURE_VARIABLES: readonly string[] = [
  "AZURE_STORAGE_CONNECTION_STRING",
  "AZURE_STORAGE_ACCOUNT_NAME",
  "AZURE_STORAGE_ACCOUNT_KEY",
  "AZURE_STORAGE_SAS_TOKEN",
];

const ACCOUNT = /^[a-z0-9]{3,24}$/;

/** How to reach Azure Blob Storage. */
export interface AzureSettings {
  readonly account: string;
  /** Where the account's containers are. */
  readonly endpoint: string;
  /** Signs requests; base64. */
  readonly key: string | null;
  /** Query that grants access; without a question mark. */
  readonly sas: string | null;
}

/**
 * Reads the connection string, or the account and what grants access to it.
 *
 * @param authority What stands before the first slash of a URI: a container, or `container@account`, which goes before
 * the variables' account.
 * @throws {RecotemError} `config_error` when no account is named or it cannot be one, or the endpoint is no URL.
 */
export function azureSettings(
  environment: Environment,
  authority: string,
): AzureSettings {
  const env = readAll(environment, AZURE_VARIABLES);
  const connection = parseConnection(
    env.get("AZURE_STORAGE_CONNECTION_STRING") ?? "",
  );
  const named = authority.split("@")[1]?.split(".")[0];
  const account = named ?? connection.get("accountname") ??
    env.get("AZURE_STORAGE_ACCOUNT_NAME") ?? "";
  const blobEndpoint = named === undefined
    ? connection.get("blobendpoint")
    : undefined;
  if (blobEndpoint === undefined && !ACCOUNT.test(account)) {
    throw new RecotemError(
      "config_error",
      "AZURE_STORAGE_ACCOUNT_NAME or AZURE_STORAGE_CONNECTION_STRING must name a storage account, 3 to 24 letters and digits",
    );
  }
  const suffix = connection.get("endpointsuffix") ?? "core.windows.net";
  const endpoint = blobEndpoint ?? `https://${account}.blob.${suffix}`;
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? "")) {
    throw new RecotemError(
      "config_error",
      "The BlobEndpoint of AZURE_STORAGE_CONNECTION_STRING must be a URL that starts with http:// or https://",
    );
  }
  const sas = connection.get("sharedaccesssignature") ??
    env.get("AZURE_STORAGE_SAS_TOKEN");
  return {
    account,
    endpoint: endpoint.replace(/\/+$/, ""),
    key: connection.get("accountkey") ??
      env.get("AZURE_STORAGE_ACCOUNT_KEY") ?? null,
    sas: sas ? sas.replace(/^\?/, "") : null,
  };
}

/** The parts of `Name=value;Name=value`; values may hold equals signs. */
function parseConnection(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(";").flatMap((part): [string, string][] => {
      const [, name, value] = /^\s*(\w+)\s*=(.+)$/.exec(part.trim()) ?? [];
      return name && value ? [[name.toLowerCase(), value]] : [];
    }),
  );
}
