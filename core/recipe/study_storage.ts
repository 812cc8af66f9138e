/** What TLS must do for a connection to PostgreSQL; libpq's words. */
export type SslMode = typeof SSL_MODES[number];

/** A database of a PostgreSQL server. */
export interface PostgresqlStorage {
  readonly type: "postgresql";
  /** A name, or an address; one of version 6 in brackets. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly sslMode: SslMode;
  /** File with the certificates that are trusted in place of the runtime's own, as PEM. */
  readonly rootCertificate: string | null;
}

/** Where the trials of a search are kept. */
export type StudyStorage =
  | { readonly type: "memory" }
  /** A file of this machine: an Optuna journal, or an SQLite database. */
  | { readonly type: "journal" | "sqlite"; readonly path: string }
  | PostgresqlStorage
  /** Nowhere: what a storage must be instead, as the end of a sentence that starts with its key. */
  | { readonly type: "refused"; readonly problem: string };

const SSL_MODES = [
  "disable",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
] as const;

/**
 * Reads `training.storage_path`. Empty: memory. A path: a journal when its name ends in `.journal`, else an SQLite file.
 * `sqlite:///path`: an SQLite file; a fourth slash begins an absolute path. `postgresql://host:port/database`, or
 * `postgres:`: a PostgreSQL database, with `sslmode` and `sslrootcert` behind a question mark.
 *
 * A refusal repeats nothing of the text, which may hold a password.
 *
 * @example
 * ```ts
 * import { studyStorage } from "./study_storage.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(studyStorage("trials.journal"), {
 *   type: "journal",
 *   path: "trials.journal",
 * });
 * assertEquals(studyStorage("sqlite:///trials.db"), {
 *   type: "sqlite",
 *   path: "trials.db",
 * });
 * ```
 */
export function studyStorage(text: string): StudyStorage {
  if (text === "") return { type: "memory" };
  const [, scheme] = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(text) ?? [];
  if (scheme === undefined) {
    return {
      type: text.endsWith(".journal") ? "journal" : "sqlite",
      path: text,
    };
  }
  if (/^[^/]*:\/\/[^/]*@/.test(text)) {
    return refused(
      "must not hold a user or password: set RECOTEM_STORAGE_USER and RECOTEM_STORAGE_PASSWORD",
    );
  }
  switch (scheme.toLowerCase()) {
    case "sqlite": {
      const [, path] = /^sqlite:\/\/\/([^?]+)$/i.exec(text) ?? [];
      return path === undefined
        ? refused("must be sqlite:///path, without anything behind the path")
        : { type: "sqlite", path };
    }
    case "postgres":
    case "postgresql":
      return postgresql(text);
    default:
      return refused(
        "must be a path, sqlite:///path or postgresql://host:port/database",
      );
  }
}

function postgresql(text: string): StudyStorage {
  const url = URL.parse(text);
  const [, database] = /^\/([^/%]+)$/.exec(url?.pathname ?? "") ?? [];
  if (!url || url.hostname === "" || database === undefined || url.hash) {
    return refused(
      "must name a host and a database: postgresql://host:port/database",
    );
  }
  const names = [...url.searchParams.keys()];
  const unknown = names.some((name) => !PARAMETERS.includes(name));
  if (unknown || new Set(names).size < names.length) {
    return refused(`takes ${PARAMETERS.join(" and ")} once, and nothing else`);
  }
  const mode = url.searchParams.get("sslmode") ?? "prefer";
  const sslMode = SSL_MODES.find((each) => each === mode);
  if (sslMode === undefined) {
    return refused(`must have an sslmode of ${SSL_MODES.join(", ")}`);
  }
  const rootCertificate = url.searchParams.get("sslrootcert");
  if (rootCertificate !== null && !sslMode.startsWith("verify")) {
    return refused(
      "has an sslrootcert, which needs the sslmode verify-ca or verify-full",
    );
  }
  return {
    type: "postgresql",
    host: url.hostname,
    port: Number(url.port || 5432),
    database,
    sslMode,
    rootCertificate,
  };
}

const PARAMETERS = ["sslmode", "sslrootcert"];

function refused(problem: string): StudyStorage {
  return { type: "refused", problem };
}
