import type { PostgresqlStorage } from "../../../core/recipe/study_storage.ts";
import { DatabaseError } from "./database.ts";

/** Codes of the system, of the client and of the server that say that there is no connection, or none now. */
const LOST =
  /^(E(CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN)|ERR_(SOCKET|STREAM)|CONNECT|08|57P0|53300|40)/;

/**
 * What a failure of a PostgreSQL client means. What the server says of it is not repeated: it may hold names and values.
 */
export function postgresqlFailure(
  error: unknown,
  { host, port, database }: PostgresqlStorage,
): DatabaseError {
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  const server = `${host}:${port}`;
  function failure(
    kind: DatabaseError["kind"],
    message: string,
  ): DatabaseError {
    return new DatabaseError(kind, message, { cause: error });
  }
  switch (code) {
    case "28P01":
    case "28000":
      return failure(
        "credentials",
        `${server} refuses the user or the password; check RECOTEM_STORAGE_USER and RECOTEM_STORAGE_PASSWORD`,
      );
    case "3D000":
      return failure("other", `${server} has no database ${database}`);
    case "42501":
      return failure("other", "the user may not make or use its tables");
    case "25006":
      return failure("other", "it takes no changes");
    case "NO_TLS":
      return failure("other", `${server} has no TLS, which sslmode asks for`);
    case "ENOTFOUND":
      return failure("lost", `there is no host ${host}`);
  }
  if (LOST.test(code)) return failure("lost", `${server} is away (${code})`);
  const certificate = /certificate|self.signed|unable to verify/i;
  if (error instanceof Error && certificate.test(error.message)) {
    return failure(
      "other",
      `the certificate of ${server} is not one that sslmode and sslrootcert accept`,
    );
  }
  return failure(
    "other",
    `${server} fails (${code || (error as Error).name})`,
  );
}
