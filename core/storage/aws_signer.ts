import { AwsClient } from "aws4fetch";
import { readAwsProfile } from "./read_aws_profile.ts";
import type { AwsIdentity, AwsKeys } from "./_s3_settings.ts";
import { xmlTexts } from "./_xml.ts";

/** Credentials are renewed this long before they run out. */
const MARGIN_MS = 300_000;
/** Tools write other keys into a profile when its session ends, and do not tell when that is. */
const PROFILE_SESSION_MS = 60_000;
const ANSWER_TIMEOUT_MS = 30_000;

/** Options of {@linkcode AwsSigner}. */
export interface AwsSignerOptions {
  readonly region: string;
  readonly identity: AwsIdentity;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Signs requests to S3, with credentials that are renewed in time. */
export class AwsSigner {
  readonly #options: AwsSignerOptions;
  #current: { client: AwsClient; until: number } | null = null;

  constructor(options: AwsSignerOptions) {
    this.#options = options;
  }

  /**
   * The request, signed.
   *
   * @throws {Deno.errors.PermissionDenied} When nobody gives credentials.
   */
  async sign(url: URL, init: RequestInit): Promise<Request> {
    const { region, identity, now } = this.#options;
    if (this.#current === null || now() >= this.#current.until) {
      const { keys, expires } = await obtain(identity, now());
      const client = new AwsClient({ ...keys, region, service: "s3" });
      this.#current = { client, until: expires - MARGIN_MS };
    }
    return await this.#current.client.sign(url, init);
  }
}

interface Obtained {
  readonly keys: AwsKeys;
  /** Milliseconds since 1970; `Infinity` when they are good for ever. */
  readonly expires: number;
}

async function obtain(identity: AwsIdentity, now: number): Promise<Obtained> {
  switch (identity.type) {
    case "keys":
      return { keys: identity.credentials, expires: Infinity };
    case "profile": {
      const keys = await readAwsProfile(identity);
      return {
        keys,
        expires: keys.sessionToken === undefined
          ? Infinity
          : now + PROFILE_SESSION_MS + MARGIN_MS,
      };
    }
    case "token":
      return await assumeRole(identity);
    case "container":
      return await askContainer(identity);
    case "nobody":
      throw new Deno.errors.PermissionDenied(
        "There are no credentials for S3: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set, or AWS_PROFILE, or the variables by which a container learns of its role",
      );
  }
}

async function assumeRole(
  { url, tokenFile, role, session }: AwsIdentity & { type: "token" },
): Promise<Obtained> {
  const answer = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: role,
      RoleSessionName: session,
      WebIdentityToken: (await Deno.readTextFile(tokenFile)).trim(),
    }),
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const xml = await answer.text();
  const [accessKeyId] = xmlTexts(xml, "AccessKeyId");
  const [secretAccessKey] = xmlTexts(xml, "SecretAccessKey");
  const [sessionToken] = xmlTexts(xml, "SessionToken");
  const [expiration] = xmlTexts(xml, "Expiration");
  return obtained(answer, {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration,
  });
}

async function askContainer(
  { url, tokenFile, token }: AwsIdentity & { type: "container" },
): Promise<Obtained> {
  const authorization = tokenFile === null
    ? token
    : (await Deno.readTextFile(tokenFile)).trim();
  const answer = await fetch(url, {
    headers: authorization === null ? {} : { authorization },
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const text = await answer.text();
  const fields = answer.ok ? JSON.parse(text) : {};
  return obtained(answer, {
    accessKeyId: fields.AccessKeyId,
    secretAccessKey: fields.SecretAccessKey,
    sessionToken: fields.Token,
    expiration: fields.Expiration,
  });
}

function obtained(
  { url, status }: Response,
  { accessKeyId, secretAccessKey, sessionToken, expiration }: Readonly<
    Record<
      "accessKeyId" | "secretAccessKey" | "sessionToken" | "expiration",
      string | undefined
    >
  >,
): Obtained {
  if (
    status !== 200 || !accessKeyId || !secretAccessKey || !sessionToken ||
    !expiration
  ) {
    throw new Deno.errors.PermissionDenied(
      `Amazon gave no credentials: ${
        new URL(url).host
      } answered with status ${status}`,
    );
  }
  return {
    keys: { accessKeyId, secretAccessKey, sessionToken },
    expires: Date.parse(expiration),
  };
}
