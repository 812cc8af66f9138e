import type { Environment } from "../config/environment.ts";
import { endpoint } from "./_endpoint.ts";
import { encodeKey } from "./_object_place.ts";
import { readAll } from "./_read_all.ts";

/** Variables that {@linkcode s3Settings} reads. */
export const S3_VARIABLES: readonly string[] = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_PROFILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL_STS",
  "AWS_ENDPOINT_URL",
];

/** Read beside them where a profile is named and its file is not: where Amazon's tools keep it. */
export const HOME_VARIABLES: readonly string[] = ["HOME", "USERPROFILE"];

/** Where containers of Amazon's own ask for credentials. */
const CONTAINER_HOST = "http://169.254.170.2";

/** A bucket's name that can be part of a host's under the service's certificate. */
const HOST_LABEL = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** How to reach S3, or a service that speaks as it does. */
export interface S3Settings {
  readonly region: string;
  /** Another service than Amazon's; its buckets are part of the path. */
  readonly endpoint: string | null;
  readonly identity: AwsIdentity;
}

/**
 * Who asks: the owner of a key, one who is named in a file of keys, a role that a token from another authority stands
 * for, whoever the container is said to be, or nobody.
 */
export type AwsIdentity =
  | { readonly type: "keys"; readonly credentials: AwsKeys }
  | {
    readonly type: "profile";
    readonly file: string;
    readonly name: string;
    /** Whether the file is where it is by default. */
    readonly atHome: boolean;
  }
  | {
    readonly type: "token";
    /** The security token service. */
    readonly url: string;
    readonly tokenFile: string;
    readonly role: string;
    readonly session: string;
  }
  | {
    readonly type: "container";
    readonly url: string;
    readonly tokenFile: string | null;
    readonly token: string | null;
  }
  | { readonly type: "nobody" };

/** What requests are signed with. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Reads the variables that Amazon's own tools read.
 *
 * @throws {RecotemError} `config_error` when the endpoint is no URL.
 */
export function s3Settings(environment: Environment): S3Settings {
  const env = readAll(environment, S3_VARIABLES);
  const region = env.get("AWS_REGION") ?? env.get("AWS_DEFAULT_REGION") ??
    "us-east-1";
  return {
    region,
    endpoint: endpoint(env, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    // The profile that is meant without a name may not be in the file: the container's role goes before it.
    identity: awsIdentity(env, region) ??
      (env.get("AWS_PROFILE") ? null : container(env)) ??
      profile(env, environment) ?? { type: "nobody" },
  };
}

function awsIdentity(env: Environment, region: string): AwsIdentity | null {
  const accessKeyId = env.get("AWS_ACCESS_KEY_ID");
  const secretAccessKey = env.get("AWS_SECRET_ACCESS_KEY");
  if (accessKeyId && secretAccessKey) {
    const sessionToken = env.get("AWS_SESSION_TOKEN");
    const credentials = { accessKeyId, secretAccessKey };
    return {
      type: "keys",
      credentials: sessionToken
        ? { ...credentials, sessionToken }
        : credentials,
    };
  }
  const tokenFile = env.get("AWS_WEB_IDENTITY_TOKEN_FILE");
  const role = env.get("AWS_ROLE_ARN");
  if (tokenFile && role) {
    return {
      type: "token",
      url: endpoint(env, "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL") ??
        `https://sts.${domainOf(region)}`,
      tokenFile,
      role,
      session: env.get("AWS_ROLE_SESSION_NAME") ?? "recotem",
    };
  }
  return null;
}

function profile(env: Environment, all: Environment): AwsIdentity | null {
  const name = env.get("AWS_PROFILE");
  const file = env.get("AWS_SHARED_CREDENTIALS_FILE");
  if (!name && !file) return null;
  const home = file ? null : homeOf(all);
  return {
    type: "profile",
    file: file || `${home}/.aws/credentials`,
    name: name || "default",
    atHome: !file,
  };
}

function homeOf(env: Environment): string {
  for (const variable of HOME_VARIABLES) {
    const home = env.get(variable);
    if (home) return home;
  }
  return "~";
}

function container(env: Environment): AwsIdentity | null {
  const path = env.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const url = path
    ? CONTAINER_HOST + path
    : endpoint(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (url === null) return null;
  return {
    type: "container",
    url,
    tokenFile: env.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") ?? null,
    token: env.get("AWS_CONTAINER_AUTHORIZATION_TOKEN") ?? null,
  };
}

/** The URL of an object, or of its bucket when the key is empty. */
export function s3Url(
  settings: S3Settings,
  bucket: string,
  key: string,
): URL {
  const { region } = settings;
  const domain = domainOf(region);
  if (settings.endpoint === null && HOST_LABEL.test(bucket)) {
    return new URL(`https://${bucket}.s3.${domain}/${encodeKey(key)}`);
  }
  const base = settings.endpoint ?? `https://s3.${domain}`;
  return new URL(`${base}/${encodeKey(bucket)}/${encodeKey(key)}`);
}

function domainOf(region: string): string {
  return `${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}
