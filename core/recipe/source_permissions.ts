import type { Environment } from "../config/environment.ts";
import { identityPermissions } from "../storage/google_identity.ts";
import {
  type UriPermissions,
  uriPermissions,
} from "../storage/uri_permissions.ts";
import { BIGQUERY_VARIABLES, bigQuerySettings } from "./bigquery_settings.ts";
import { filePattern } from "./file_pattern.ts";
import { localPath } from "./local_path.ts";
import type { Dsn } from "./parse_dsn.ts";
import { readDsn } from "./read_dsn.ts";
import type { SourceConfig } from "./recipe.ts";

/** SQLite keeps its journals beside the file. */
export const SQLITE_SUFFIXES: readonly string[] = [
  "",
  "-journal",
  "-wal",
  "-shm",
];

/** What the drivers read whatever they are told. */
const DRIVER_VARIABLES = {
  postgresql: ["PGAPPNAME", "PGTARGETSESSIONATTRS"],
  mysql: ["TZ"],
} as const;

/** What a plugin's source needs is for the plugin to say. */
const NOTHING: UriPermissions = { read: [], net: [], env: [] };

/**
 * What reading a source needs of the runtime; of a source that a plugin provides nothing is known here.
 *
 * @param env Where a DSN and the endpoints of services are read.
 * @throws {RecotemError} As `readDsn()`, for the DSN that a source names.
 */
export function sourcePermissions(
  source: SourceConfig,
  env: Environment,
): UriPermissions {
  switch (source.type) {
    case "csv":
    case "parquet":
      // Of files that are named by a pattern, their folder, which must be listed.
      return filePermissions(
        filePattern(source.path)?.folder ?? source.path,
        env,
      );
    case "sql":
      return databasePermissions(readDsn(env, source.dsn_env));
    case "bigquery": {
      const { api, storage, identity } = bigQuerySettings(env);
      const { read, net } = identityPermissions(identity);
      return {
        read,
        net: [...[api, storage].map(hostAndPort), ...net],
        env: BIGQUERY_VARIABLES,
      };
    }
    case "plugin":
      return NOTHING;
  }
}

/** What reading a file needs, wherever it lies. */
export function filePermissions(
  uri: string,
  env: Environment,
): UriPermissions {
  const remote = uriPermissions(uri, env);
  const file = localPath(uri);
  return file === null ? remote : { ...remote, read: [file, ...remote.read] };
}

function databasePermissions(dsn: Dsn): UriPermissions {
  if (dsn.dialect === "sqlite") {
    const read = SQLITE_SUFFIXES.map((suffix) => dsn.path + suffix);
    return { ...NOTHING, read };
  }
  const { host, port, tls } = dsn;
  return {
    read: tls.ca === null ? [] : [tls.ca],
    net: [`${host.includes(":") ? `[${host}]` : host}:${port}`],
    env: DRIVER_VARIABLES[dsn.dialect],
  };
}

function hostAndPort(origin: string): string {
  const { protocol, hostname, port } = new URL(origin);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
