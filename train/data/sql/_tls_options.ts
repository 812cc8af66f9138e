import { isIP } from "node:net";
import type { ServerDsn } from "../../../core/recipe/parse_dsn.ts";
import { RecotemError } from "../../../core/errors.ts";

/** What TLS needs to know of a server. */
export interface TlsOptions {
  /** What the certificate must name when there is no name to ask for. */
  readonly host: string;
  /** The name that the server is asked for; empty for an address. */
  readonly servername: string;
  readonly rejectUnauthorized: boolean;
  /** PEM of the trusted authorities, in place of the system's. */
  readonly ca?: string;
  /** Only set where any name is right. */
  readonly checkServerIdentity?: () => undefined;
}

/**
 * TLS for a server, as strict as its DSN says. Reads the file of authorities that the DSN names.
 *
 * @throws {RecotemError} `datasource_error` when that file cannot be read.
 */
export async function tlsOptions(dsn: ServerDsn): Promise<TlsOptions> {
  const { serverName, tls } = dsn;
  return {
    host: serverName,
    servername: isIP(serverName) === 0 ? serverName : "",
    rejectUnauthorized: tls.mode === "verify-ca" || tls.mode === "verify-full",
    ...(tls.ca === null ? {} : { ca: await readAuthorities(tls.ca) }),
    ...(tls.mode === "verify-full"
      ? {}
      : { checkServerIdentity: () => undefined }),
  };
}

async function readAuthorities(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.name : String(cause);
    throw new RecotemError(
      "datasource_error",
      `The certificates of authorities that the DSN names cannot be read: ${reason}`,
    );
  }
}
