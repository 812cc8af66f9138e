import { RecotemError } from "../../../core/errors.ts";

const UNTRUSTED =
  "shows a certificate that is not trusted, or names another host";

/** What happened, by SQLSTATE (PostgreSQL), error number (MySQL, MariaDB), or name of a failed connection. */
const REASONS: Readonly<Record<string, string>> = {
  "28000": "refuses the user",
  "28P01": "refuses the user or the password",
  "1045": "refuses the user or the password",
  "1698": "refuses the user",
  "1044": "refuses the user access to the database",
  "3D000": "has no database of that name",
  "1049": "has no database of that name",
  "42P01": "has no table that the query names",
  "1146": "has no table that the query names",
  "42703": "has no column that the query names",
  "1054": "has no column that the query names",
  "42501": "does not let the user read what the query names",
  "1142": "does not let the user read what the query names",
  "1143": "does not let the user read what the query names",
  "42601": "cannot read the query: its syntax is wrong",
  "1064": "cannot read the query: its syntax is wrong",
  "25006": "was asked to write: the query must only read",
  "1792": "was asked to write: the query must only read",
  "57014":
    "took too long: the query must be faster, or source.statement_timeout_seconds larger",
  "1969":
    "took too long: the query must be faster, or source.statement_timeout_seconds larger",
  "3024":
    "took too long: the query must be faster, or source.statement_timeout_seconds larger",
  "57P01": "is shutting down",
  "57P03": "is starting up",
  "1053": "is shutting down",
  "53300": "has too many connections",
  "1040": "has too many connections",
  EAI_AGAIN: "has a host without an address",
  EAI_NONAME: "has a host without an address",
  ENOTFOUND: "has a host without an address",
  ECONNREFUSED: "does not listen at its host and port",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached",
  ECONNRESET: "broke off the connection",
  EPIPE: "broke off the connection",
  CONNECTION_CLOSED: "broke off the connection",
  PROTOCOL_CONNECTION_LOST: "broke off the connection",
  HANDSHAKE_NO_SSL_SUPPORT: "offers no encryption, which its DSN asks for",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_HAS_EXPIRED: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: UNTRUSTED,
  HANDSHAKE_SSL_ERROR: UNTRUSTED,
  EPERM:
    "may not be reached by this process: it is granted the host of the DSN and no other",
};

/**
 * What a failure of a driver or a server becomes: a sentence that names the variable of the DSN and the kind of failure.
 * What the driver says is not repeated and not kept, since it may quote the DSN or the data.
 *
 * @param variable Name of the variable that holds the DSN.
 */
export function databaseError(error: unknown, variable: string): RecotemError {
  if (error instanceof RecotemError) return error;
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
  const key = [errno, code].map(String).find((key) =>
    Object.hasOwn(REASONS, key)
  );
  const kind = [
    error instanceof Error ? error.constructor.name : typeof error,
    ...(typeof code === "string" && /^\w{1,64}$/.test(code) ? [code] : []),
  ].join(" ");
  return new RecotemError(
    "datasource_error",
    `The database that ${variable} names ${
      key === undefined ? "failed" : REASONS[key]
    } (${kind})`,
  );
}
