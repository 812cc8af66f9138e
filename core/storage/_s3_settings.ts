import type { Environment } from "../config/environment.ts";
import { endpoint } from "./_endpoint.ts";
import { encodeKey } from "./_object_place.ts";

/** Variables that {@linkcode s3Settings} reads. */
export const S3_VARIABLES: readonly string[] = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL",
];

/** A bucket's name that can be part of a host's under the service's certificate. */
const HOST_LABEL = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** How to reach S3, or a service that speaks as it does. */
export interface S3Settings {
  readonly region: string;
  /** Another service than Amazon's; its buckets are part of the path. */
  readonly endpoint: string | null;
  readonly credentials: S3Credentials | null;
}

/** Who asks. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Reads the variables that Amazon's own tools read.
 *
 * @throws {RecotemError} `config_error` when the endpoint is no URL.
 */
export function s3Settings(env: Environment): S3Settings {
  const accessKeyId = env.get("AWS_ACCESS_KEY_ID");
  const secretAccessKey = env.get("AWS_SECRET_ACCESS_KEY");
  const sessionToken = env.get("AWS_SESSION_TOKEN");
  return {
    region: env.get("AWS_REGION") || env.get("AWS_DEFAULT_REGION") ||
      "us-east-1",
    endpoint: endpoint(env, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    credentials: accessKeyId && secretAccessKey
      ? { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
      : null,
  };
}

/** The URL of an object, or of its bucket when the key is empty. */
export function s3Url(
  settings: S3Settings,
  bucket: string,
  key: string,
): URL {
  const { region } = settings;
  const domain = `${region}.amazonaws.com${
    region.startsWith("cn-") ? ".cn" : ""
  }`;
  if (settings.endpoint === null && HOST_LABEL.test(bucket)) {
    return new URL(`https://${bucket}.s3.${domain}/${encodeKey(key)}`);
  }
  const base = settings.endpoint ?? `https://s3.${domain}`;
  return new URL(`${base}/${encodeKey(bucket)}/${encodeKey(key)}`);
}
