import { fromFileUrl } from "@std/path";
import { dataFolder } from "./data_folder.ts";
import type { DatabaseServer } from "./database_server.ts";
import { runCommand } from "./run_command.ts";
import { freePort, install, type Program, Service } from "./service.ts";
import { unpack } from "./unpack.ts";

/** Debian's PostgreSQL. */
const POSTGRESQL: Program = {
  name: "postgresql-15",
  install: unpack("postgresql-15", "libpq5"),
};
const PASSWORD = "rd/p@ss:5a9c";

/** The folder of PostgreSQL's programs: of the one that is installed, or else of Debian's, downloaded and unpacked. */
export async function postgresqlBin(): Promise<string> {
  return await installedBin() ?? await unpackedBin();
}

/**
 * Starts PostgreSQL on an empty cluster.
 *
 * @param settings Further settings of the server.
 */
export async function startPostgresql(
  settings: Readonly<Record<string, string>> = {},
): Promise<DatabaseServer> {
  const bin = await postgresqlBin();
  const folder = await dataFolder();
  const { path, uid } = folder;
  const cluster = `${path}/cluster`;
  await Deno.writeTextFile(`${path}/password`, PASSWORD);
  await runCommand([
    `${bin}/initdb`,
    `--pgdata=${cluster}`,
    "--username=recotem",
    `--pwfile=${path}/password`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ], { cwd: path, uid });
  const port = freePort();
  const own = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
  };
  const command = [`${bin}/postgres`, "-D", cluster, "-p", String(port)];
  for (const [name, value] of Object.entries({ ...own, ...settings })) {
    command.push("-c", `${name}=${value}`);
  }
  const server = await Service.run("PostgreSQL", port, command, {
    cwd: path,
    ...(uid !== undefined && { uid }),
  });
  async function stop(): Promise<void> {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  }
  return {
    host: "127.0.0.1",
    port,
    user: "recotem",
    password: PASSWORD,
    database: "postgres",
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function installedBin(): Promise<string | null> {
  const root = "/usr/lib/postgresql";
  try {
    const versions = await Array.fromAsync(Deno.readDir(root));
    const [newest] = versions.map(({ name }) => Number(name))
      .sort((a, b) => b - a);
    const bin = `${root}/${newest}/bin`;
    return (await Deno.stat(`${bin}/initdb`)).isFile ? bin : null;
  } catch {
    return null;
  }
}

async function unpackedBin(): Promise<string> {
  const folder = await install(POSTGRESQL);
  return fromFileUrl(
    new URL("usr/lib/postgresql/15/bin", `file://${folder}/`),
  );
}
