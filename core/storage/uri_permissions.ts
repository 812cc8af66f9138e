import type { Environment } from "../config/environment.ts";
import { AZURE_VARIABLES, azureSettings } from "./_azure_settings.ts";
import {
  GCS_VARIABLES,
  type GcsSettings,
  gcsSettings,
} from "./_gcs_settings.ts";
import { identityPermissions } from "./google_identity.ts";
import {
  HOME_VARIABLES,
  S3_VARIABLES,
  type S3Settings,
  s3Settings,
  s3Url,
} from "./_s3_settings.ts";

/** What a process needs to reach a URI that is not on this machine; permissions of the runtime. */
export interface UriPermissions {
  /** Files that hold credentials. */
  readonly read: readonly string[];
  /** `host:port`. */
  readonly net: readonly string[];
  /** Names of variables. */
  readonly env: readonly string[];
}

const NOTHING: UriPermissions = { read: [], net: [], env: [] };
const WEB_PORTS: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
};

/**
 * What reading and writing at `uri` needs; nothing for a path or a `file:` URI, whose permission is the file.
 *
 * @param env Where an object store's endpoint and region are read.
 */
export function uriPermissions(uri: string, env: Environment): UriPermissions {
  const [, scheme = "", authority = ""] =
    /^([a-z0-9]+):\/\/([^/]+)/i.exec(uri) ??
      [];
  switch (scheme.toLowerCase()) {
    case "http":
    case "https": {
      const url = URL.parse(uri);
      return url ? { ...NOTHING, net: [hostAndPort(url)] } : NOTHING;
    }
    case "s3":
      return s3Permissions(s3Settings(env), authority);
    case "gs":
      return gcsPermissions(gcsSettings(env));
    case "az":
    case "abfs":
    case "abfss": {
      const url = new URL(azureSettings(env, authority).endpoint);
      return { ...NOTHING, net: [hostAndPort(url)], env: AZURE_VARIABLES };
    }
    default:
      return NOTHING;
  }
}

function s3Permissions(settings: S3Settings, bucket: string): UriPermissions {
  const storage = hostAndPort(s3Url(settings, bucket, ""));
  const { identity } = settings;
  if (identity.type === "keys" || identity.type === "nobody") {
    return { read: [], net: [storage], env: S3_VARIABLES };
  }
  if (identity.type === "profile") {
    return {
      read: [identity.file],
      net: [storage],
      env: identity.atHome
        ? [...S3_VARIABLES, ...HOME_VARIABLES]
        : S3_VARIABLES,
    };
  }
  const { url, tokenFile } = identity;
  return {
    read: tokenFile === null ? [] : [tokenFile],
    net: [...new Set([storage, hostAndPort(new URL(url))])],
    env: S3_VARIABLES,
  };
}

function gcsPermissions({ endpoint, identity }: GcsSettings): UriPermissions {
  const storage = hostAndPort(new URL(endpoint));
  const { read, net } = identityPermissions(identity);
  return { read, net: [storage, ...net], env: GCS_VARIABLES };
}

function hostAndPort({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || WEB_PORTS[protocol]}`;
}
