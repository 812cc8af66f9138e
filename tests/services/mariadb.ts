import { dataFolder } from "./data_folder.ts";
import type { DatabaseServer } from "./database_server.ts";
import { runCommand } from "./run_command.ts";
import { freePort, install, type Program, Service } from "./service.ts";
import { unpack } from "./unpack.ts";

const PASSWORD = "rd/p@ss:5a9c";
/** Debian's MariaDB, and the libraries that it takes. */
export const MARIADB: Program = {
  name: "mariadb-10.11",
  install: [
    ...unpack(
      "mariadb-server-core",
      "libaio1",
      "libnuma1",
      "liburing2",
      "libsnappy1v5",
    ),
    // Servers of other users start it too.
    ["chmod", "-R", "a+rX", "."],
  ],
};

/**
 * Starts MariaDB on an empty data folder; Debian's packages are downloaded and unpacked at first use.
 *
 * @param settings Further options of the server, as `--ssl-key=…`.
 */
export async function startMariadb(
  settings: readonly string[] = [],
): Promise<DatabaseServer> {
  const installed = await install(MARIADB);
  const share = `${installed}/usr/share/mysql`;
  const folder = await dataFolder();
  const { path, uid } = folder;
  const env = { LD_LIBRARY_PATH: `${installed}/usr/lib/x86_64-linux-gnu` };
  const command = [
    `${installed}/usr/sbin/mariadbd`,
    "--no-defaults",
    `--datadir=${path}`,
    `--lc-messages-dir=${share}`,
    `--socket=${path}/mariadb.sock`,
    `--pid-file=${path}/mariadb.pid`,
    "--innodb-buffer-pool-size=64M",
    "--innodb-flush-log-at-trx-commit=0",
  ];
  const tables = await Promise.all(
    ["mysql_system_tables.sql", "mysql_system_tables_data.sql"].map((name) =>
      Deno.readTextFile(`${share}/${name}`)
    ),
  );
  await runCommand([...command, "--bootstrap"], {
    cwd: path,
    uid,
    env,
    input: [
      "CREATE DATABASE mysql;",
      "USE mysql;",
      ...tables,
      "CREATE DATABASE shop CHARACTER SET utf8mb4;",
      "FLUSH PRIVILEGES;",
      `CREATE USER recotem@'127.0.0.1' IDENTIFIED BY '${PASSWORD}';`,
      "GRANT ALL ON *.* TO recotem@'127.0.0.1';",
    ].join("\n"),
  });
  const port = freePort();
  const server = await Service.run("MariaDB", port, [
    ...command,
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    `--port=${port}`,
    ...settings,
  ], { cwd: path, env, ...(uid !== undefined && { uid }) });
  async function stop(): Promise<void> {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  }
  return {
    host: "127.0.0.1",
    port,
    user: "recotem",
    password: PASSWORD,
    database: "shop",
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
