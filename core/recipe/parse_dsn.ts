import { RecotemError } from "../errors.ts";
import { parseAddress } from "../storage/parse_address.ts";

/** A database file of this machine. */
export interface SqliteDsn {
  /** Which way of speaking SQL. */
  readonly dialect: "sqlite";
  /** Path of the file. */
  readonly path: string;
}

/** How a connection to a server is encrypted. */
export interface DsnTls {
  /**
   * `off`: not at all; `prefer`: when the server offers it; `require`: always, whoever answers; `verify-ca`: only to a
   * server with a certificate of a trusted authority; `verify-full`: that also names its host.
   */
  readonly mode: "off" | "prefer" | "require" | "verify-ca" | "verify-full";
  /** File of the authorities that are trusted in place of the system's; PEM. */
  readonly ca: string | null;
}

/** A database of a server. */
export interface ServerDsn {
  /** Which way of speaking SQL; MariaDB counts as MySQL. */
  readonly dialect: "postgresql" | "mysql";
  /** Name or address that is connected to, without brackets. */
  readonly host: string;
  /** Name that the server's certificate must have. */
  readonly serverName: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: DsnTls;
}

/** Where a database is and who asks. */
export type Dsn = SqliteDsn | ServerDsn;

const DSN =
  /^(?<scheme>[a-z][a-z0-9]*)(?:\+[a-z0-9_]+)?:\/\/(?:(?<user>[^:/@]*)(?::(?<password>[^@]*))?@)?(?:\[(?<ipv6>[^\]/?]+)\]|(?<name>[^/:?[\]]*))(?::(?<port>\d{1,5})?)?(?:\/(?<path>[^?]*))?(?:\?(?<query>.*))?$/is;

const DIALECTS: Readonly<Record<string, Dsn["dialect"]>> = {
  postgresql: "postgresql",
  postgres: "postgresql",
  mysql: "mysql",
  mariadb: "mysql",
  sqlite: "sqlite",
};

const DEFAULT_PORTS = { postgresql: 5432, mysql: 3306 } as const;

const PG_MODES: Readonly<Record<string, DsnTls["mode"]>> = {
  disable: "off",
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
};

const MYSQL_MODES: Readonly<Record<string, DsnTls["mode"]>> = {
  disabled: "off",
  required: "require",
  verify_ca: "verify-ca",
  verify_identity: "verify-full",
};

/** Parameters that lead to a server by another way than the host that permissions and the address guard know. */
const DETOURS: readonly string[] = ["service", "servicefile", "unix_socket"];

/**
 * Reads a DSN such as `postgresql://reader:password@db.example.org/shop?sslmode=verify-full`,
 * `mysql://…?ssl_ca=/etc/ca.pem` or `sqlite:///data/shop.db` (four slashes before an absolute path). A driver behind the
 * scheme, as in `mysql+pymysql:`, is ignored. PostgreSQL knows the parameters `host`, `hostaddr`, `port`, `sslmode` and
 * `sslrootcert`; MySQL and MariaDB `ssl_mode`, `ssl_ca` and `charset` (text always comes as UTF-8).
 *
 * @param text The DSN.
 * @param variable Name of the variable that holds it, for messages.
 * @throws {RecotemError} `http_fetch_error` when it leads anywhere but to a named host; `datasource_error` when it is
 * malformed. No message repeats any of its values.
 */
export function parseDsn(text: string, variable: string): Dsn {
  const parts = DSN.exec(text.trim())?.groups;
  if (parts === undefined) {
    throw malformed(
      variable,
      "must look like postgresql://user:password@host:port/database",
    );
  }
  const dialect = DIALECTS[parts.scheme!.toLowerCase()];
  if (dialect === undefined) {
    throw malformed(
      variable,
      "must start with postgresql://, mysql://, mariadb:// or sqlite://",
    );
  }
  const parameters = new Map(
    (parts.query ?? "").split("&").filter((pair) => pair !== "").map((pair) => {
      const [key = "", ...value] = pair.split("=");
      return [
        decoded(key, variable).toLowerCase().replaceAll("-", "_"),
        decoded(value.join("="), variable),
      ];
    }),
  );
  const read = (part: string | undefined) => decoded(part ?? "", variable);
  if (dialect === "sqlite") {
    return sqliteDsn(read(parts.path), parts.name!, parameters, variable);
  }
  refuseDetours(parameters, variable);
  const url = {
    host: parts.ipv6 ?? read(parts.name),
    port: Number(parts.port ?? DEFAULT_PORTS[dialect]),
    user: read(parts.user),
    password: read(parts.password),
    database: read(parts.path),
  };
  const dsn = dialect === "postgresql"
    ? postgresqlDsn(url, parameters, variable)
    : mysqlDsn(url, parameters, variable);
  if (dsn.host === "" || /[/,\s]/.test(dsn.host)) {
    throw refused(variable, "must name one host");
  }
  if (
    dsn.dialect === "mysql" && dsn.tls.mode === "verify-full" &&
    parseAddress(dsn.serverName) !== null
  ) {
    // The driver checks names only.
    throw malformed(
      variable,
      "must name its host by a name, not an address, for ssl_mode VERIFY_IDENTITY",
    );
  }
  if (dsn.user === "" || dsn.database === "") {
    throw malformed(variable, "must name a user and a database");
  }
  if (!(dsn.port >= 1 && dsn.port <= 65535)) {
    throw malformed(variable, "must have a port from 1 to 65535");
  }
  return dsn;
}

type UrlPart = Pick<
  ServerDsn,
  "host" | "port" | "user" | "password" | "database"
>;

function sqliteDsn(
  path: string,
  host: string,
  parameters: ReadonlyMap<string, string>,
  variable: string,
): SqliteDsn {
  refuseUnknown(parameters, [], variable);
  if (host !== "" || path === "" || path === ":memory:") {
    throw malformed(
      variable,
      "must name a file: sqlite:///relative/path or sqlite:////absolute/path",
    );
  }
  return { dialect: "sqlite", path };
}

function postgresqlDsn(
  url: UrlPart,
  parameters: ReadonlyMap<string, string>,
  variable: string,
): ServerDsn {
  const known = ["host", "hostaddr", "port", "sslmode", "sslrootcert"];
  refuseUnknown(parameters, known, variable);
  const name = parameters.get("host") ?? url.host;
  const address = parameters.get("hostaddr");
  const root = parameters.get("sslrootcert");
  const mode = tlsMode(
    parameters.get("sslmode"),
    "sslmode",
    PG_MODES,
    variable,
  );
  return {
    ...url,
    dialect: "postgresql",
    host: address ?? name,
    serverName: name,
    port: Number(parameters.get("port") ?? url.port),
    tls: {
      mode: mode ?? "prefer",
      ca: root === undefined || root === "system" ? null : root,
    },
  };
}

function mysqlDsn(
  url: UrlPart,
  parameters: ReadonlyMap<string, string>,
  variable: string,
): ServerDsn {
  refuseUnknown(parameters, ["ssl_mode", "ssl_ca", "charset"], variable);
  const ca = parameters.get("ssl_ca") ?? null;
  const mode = tlsMode(
    parameters.get("ssl_mode"),
    "ssl_mode",
    MYSQL_MODES,
    variable,
  );
  return {
    ...url,
    dialect: "mysql",
    serverName: url.host,
    tls: { mode: mode ?? (ca === null ? "off" : "verify-ca"), ca },
  };
}

function tlsMode(
  word: string | undefined,
  parameter: string,
  modes: Readonly<Record<string, DsnTls["mode"]>>,
  variable: string,
): DsnTls["mode"] | undefined {
  if (word === undefined) return undefined;
  const key = word.toLowerCase();
  if (Object.hasOwn(modes, key)) return modes[key];
  throw malformed(
    variable,
    `must have one of ${Object.keys(modes).join(", ")} for ${parameter}`,
  );
}

function refuseDetours(
  parameters: ReadonlyMap<string, string>,
  variable: string,
): void {
  const detour = DETOURS.find((name) => parameters.has(name));
  if (detour === undefined) return;
  throw refused(variable, `must not have ${detour}: it must name one host`);
}

function refuseUnknown(
  parameters: ReadonlyMap<string, string>,
  known: readonly string[],
  variable: string,
): void {
  const unknown = [...parameters.keys()].some((name) => !known.includes(name));
  if (!unknown) return;
  throw malformed(
    variable,
    known.length === 0
      ? "must have no parameters"
      : `must have no parameters but ${known.join(", ")}`,
  );
}

function decoded(text: string, variable: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed(variable, "must write a percent sign as %25");
  }
}

function malformed(variable: string, must: string): RecotemError {
  return new RecotemError(
    "datasource_error",
    `The DSN in ${variable} ${must}`,
  );
}

function refused(variable: string, must: string): RecotemError {
  return new RecotemError(
    "http_fetch_error",
    `The DSN in ${variable} ${must}`,
    { details: { reason: "refused_route" } },
  );
}
