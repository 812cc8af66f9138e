import { createSign } from "node:crypto";
import { RecotemError } from "../errors.ts";
import { GOOGLE_TOKEN_URL, type GoogleIdentity } from "./google_identity.ts";

const LIFETIME_SECONDS = 3600;
/** A token is renewed this long before it runs out. */
const MARGIN_MS = 60_000;
const METADATA_HEADERS = { "metadata-flavor": "Google" };
const ANSWER_TIMEOUT_MS = 30_000;

/** Options of {@linkcode GoogleToken}. */
export interface GoogleTokenOptions {
  readonly identity: GoogleIdentity;
  /** URL of what the token is to be good for. */
  readonly scope: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The token that requests to a service of Google carry, renewed in time. */
export class GoogleToken {
  readonly #options: GoogleTokenOptions;
  #current: { token: string; until: number } | null = null;

  constructor(options: GoogleTokenOptions) {
    this.#options = options;
  }

  /** The header that grants access; none where nobody asks for it. */
  async headers(): Promise<Record<string, string>> {
    const { identity, now } = this.#options;
    if (identity.type === "none") return {};
    if (this.#current === null || now() >= this.#current.until) {
      const answer = identity.type === "file"
        ? await this.#exchange(await readKeyFile(identity.path))
        : await fetchToken(
          `http://${identity.host}/computeMetadata/v1/instance/service-accounts/default/token`,
          { headers: METADATA_HEADERS },
        );
      this.#current = {
        token: answer.access_token,
        until: now() + 1000 * answer.expires_in - MARGIN_MS,
      };
    }
    return { authorization: `Bearer ${this.#current.token}` };
  }

  /** The project that the identity belongs to, or null when nothing says which. */
  async project(): Promise<string | null> {
    const { identity } = this.#options;
    switch (identity.type) {
      case "none":
        return null;
      case "file": {
        const { project_id, quota_project_id } = await readKeyFile(
          identity.path,
        );
        return quota_project_id ?? project_id ?? null;
      }
      case "machine": {
        const answer = await requestToken(
          `http://${identity.host}/computeMetadata/v1/project/project-id`,
          { headers: METADATA_HEADERS },
        );
        return (await answer.text()).trim();
      }
    }
  }

  #exchange(key: KeyFile): Promise<TokenAnswer> {
    const form = key.type === "authorized_user"
      ? {
        grant_type: "refresh_token",
        client_id: key.client_id,
        client_secret: key.client_secret,
        refresh_token: key.refresh_token,
      }
      : {
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: this.#assertion(key),
      };
    return fetchToken(GOOGLE_TOKEN_URL, {
      method: "POST",
      body: new URLSearchParams(form),
    });
  }

  /** A signed statement of who asks (RFC 7523). */
  #assertion({ client_email, private_key }: ServiceAccount): string {
    const issued = Math.floor(this.#options.now() / 1000);
    const claims = {
      iss: client_email,
      scope: this.#options.scope,
      aud: GOOGLE_TOKEN_URL,
      iat: issued,
      exp: issued + LIFETIME_SECONDS,
    };
    const text = [{ alg: "RS256", typ: "JWT" }, claims]
      .map((part) =>
        new TextEncoder().encode(JSON.stringify(part))
          .toBase64({ alphabet: "base64url", omitPadding: true })
      ).join(".");
    const signature = createSign("RSA-SHA256").update(text)
      .sign(private_key, "base64url");
    return `${text}.${signature}`;
  }
}

interface KeyProject {
  readonly project_id?: string;
  readonly quota_project_id?: string;
}

interface ServiceAccount extends KeyProject {
  readonly type: "service_account";
  readonly client_email: string;
  readonly private_key: string;
}

interface AuthorizedUser extends KeyProject {
  readonly type: "authorized_user";
  readonly client_id: string;
  readonly client_secret: string;
  readonly refresh_token: string;
}

type KeyFile = ServiceAccount | AuthorizedUser;

interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
}

async function readKeyFile(path: string): Promise<KeyFile> {
  let key: Partial<Record<string, unknown>>;
  try {
    key = JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    // The parser's message may quote the file.
    const reason = cause instanceof SyntaxError ? "is not JSON" : String(cause);
    throw new RecotemError(
      "config_error",
      `The file that GOOGLE_APPLICATION_CREDENTIALS names cannot be read: ${reason}`,
    );
  }
  const fields = key.type === "authorized_user"
    ? ["client_id", "client_secret", "refresh_token"]
    : key.type === "service_account"
    ? ["client_email", "private_key"]
    : ["type"];
  if (
    fields[0] === "type" || fields.some((name) => typeof key[name] !== "string")
  ) {
    throw new RecotemError(
      "config_error",
      "The file that GOOGLE_APPLICATION_CREDENTIALS names must hold the key of a service account or of an authorized user",
    );
  }
  return key as unknown as KeyFile;
}

async function fetchToken(
  url: string,
  init: RequestInit,
): Promise<TokenAnswer> {
  return await (await requestToken(url, init)).json();
}

async function requestToken(
  url: string,
  init: RequestInit,
): Promise<Response> {
  const answer = await fetch(url, {
    ...init,
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Deno.errors.PermissionDenied(
      `Google gave no token: ${
        new URL(url).host
      } answered with status ${answer.status}`,
    );
  }
  return answer;
}
