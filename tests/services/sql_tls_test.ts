import { assertEquals } from "@std/assert";
import { CertificateAuthority } from "../core/storage/certificates.ts";
import { SqlDataSource } from "../../train/data/sources/sql.ts";
import {
  ids,
  localDependencies,
  readAll,
  refusal,
} from "../train/data/source_files.ts";
import type { DatabaseServer } from "./database_server.ts";
import { startMariadb } from "./mariadb.ts";
import { startPostgresql } from "./postgresql.ts";

/** Files of certificates that a server of another user can read too. */
interface Files {
  readonly ca: string;
  readonly otherCa: string;
  readonly cert: string;
  readonly key: string;
}

/** How each server is started with TLS, and the words of its DSN. */
const SUBJECTS: Readonly<
  Record<string, {
    readonly scheme: string;
    start(files: Files): Promise<DatabaseServer>;
    /** Query that tells whether the connection is encrypted. */
    readonly encrypted: string;
    readonly required: string;
    readonly chain: string;
    readonly full: string;
    readonly ca: string;
  }>
> = {
  PostgreSQL: {
    scheme: "postgresql",
    start: ({ cert, key }) =>
      startPostgresql({ ssl: "on", ssl_cert_file: cert, ssl_key_file: key }),
    encrypted:
      "SELECT ssl::int AS id FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    required: "sslmode=require",
    chain: "sslmode=verify-ca",
    full: "sslmode=verify-full",
    ca: "sslrootcert",
  },
  MariaDB: {
    scheme: "mysql",
    start: ({ cert, key, ca }) =>
      startMariadb([
        `--ssl-cert=${cert}`,
        `--ssl-key=${key}`,
        `--ssl-ca=${ca}`,
      ]),
    encrypted:
      "SELECT variable_value <> '' AS id FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher'",
    required: "ssl_mode=REQUIRED",
    chain: "ssl_mode=VERIFY_CA",
    full: "ssl_mode=VERIFY_IDENTITY",
    ca: "ssl_ca",
  },
};

const authority = await CertificateAuthority.make();
const other = await CertificateAuthority.make();

for (const [kind, subject] of Object.entries(SUBJECTS)) {
  Deno.test({
    name:
      `SqlDataSource encrypts its connection to ${kind} and is as strict as the DSN says (where openssl is)`,
    ignore: authority === null,
    async fn() {
      const folder = await Deno.makeTempDir();
      const own = Deno.uid() === 0 ? 65534 : null;
      async function write(name: string, text: string): Promise<string> {
        const path = `${folder}/${name}`;
        await Deno.writeTextFile(path, text, { mode: 0o600 });
        if (own !== null) await Deno.chown(path, own, null);
        return path;
      }
      // It names the name, not the address that is connected to.
      const { cert, key } = await authority!.certify("DNS:localhost");
      const files = {
        ca: await write("ca.pem", authority!.cert),
        otherCa: await write("other.pem", other!.cert),
        cert: await write("server.pem", cert),
        key: await write("server.key", key),
      };
      await Deno.chmod(folder, 0o755);
      await using server = await subject.start(files);
      function read(host: string, query: string): Promise<unknown> {
        const { user, password, port, database } = server;
        const source = new SqlDataSource(
          {
            type: "sql",
            dsn_env: "RECOTEM_RECIPE_DB",
            query: subject.encrypted,
            query_parameters: {},
            connect_timeout_seconds: 10,
            statement_timeout_seconds: 10,
          },
          localDependencies({
            env: new Map([
              [
                "RECOTEM_RECIPE_DB",
                `${subject.scheme}://${user}:${
                  encodeURIComponent(password)
                }@${host}:${port}/${database}?${query}`,
              ],
              ["RECOTEM_SQL_ALLOW_PRIVATE", "1"],
            ]),
          }),
        );
        return readAll(source, ids("id"));
      }
      const encrypted = { id: ["1"] };
      const ca = `${subject.ca}=${files.ca}`;
      assertEquals(await read("127.0.0.1", subject.required), encrypted);
      assertEquals(
        await read("127.0.0.1", `${subject.chain}&${ca}`),
        encrypted,
      );
      // The name leads to the address on this machine.
      assertEquals(await read("localhost", `${subject.full}&${ca}`), encrypted);
      const refused = [
        subject.chain,
        `${subject.chain}&${subject.ca}=${files.otherCa}`,
        `${subject.full}&${ca}`,
      ];
      for (const query of refused) {
        await refusal(() => read("127.0.0.1", query), "datasource_error");
      }
      if (kind === "PostgreSQL") {
        assertEquals(await read("127.0.0.1", "sslmode=prefer"), encrypted);
        assertEquals(await read("127.0.0.1", "sslmode=disable"), {
          id: ["0"],
        });
        const elsewhere = `${subject.full}&${ca}&hostaddr=127.0.0.1`;
        await refusal(() => read("db.test", elsewhere), "datasource_error");
      }
      await Deno.remove(folder, { recursive: true });
    },
  });
}
