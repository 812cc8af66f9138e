import { freePort, type Program, Service } from "./service.ts";

/** A server that speaks as BigQuery does, and the variables that lead to it. */
export interface BigQueryServer extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

const SPATIAL = "duckdb_extension_spatial/extensions/v1.5.5";

/** A server that speaks as BigQuery does. */
export const BQEMULATOR: Program = {
  name: "bqemulator-1.4.0",
  install: [
    ["python3", "-m", "venv", "."],
    [
      "bin/pip",
      "install",
      "--quiet",
      "bqemulator==1.4.0",
      "duckdb==1.5.5",
      "duckdb-extension-spatial==1.5.5",
      "numpy",
    ],
    // It would ask the network for this extension, at each start.
    ["mkdir", "-p", ".duckdb/extensions/v1.5.5/linux_amd64"],
    [
      "sh",
      "-c",
      `cp lib/python*/site-packages/${SPATIAL}/spatial.duckdb_extension .duckdb/extensions/v1.5.5/linux_amd64/`,
    ],
  ],
  env: (folder) => ({ HOME: folder }),
};

/** Starts a server that speaks as BigQuery does: its JSON interface, and the Storage Read API over gRPC. */
export async function startBqemulator(): Promise<BigQueryServer> {
  const grpcPort = freePort();
  const server = await Service.start({
    ...BQEMULATOR,
    start: (port) => [
      "bin/bqemulator",
      "start",
      `--rest-port=${port}`,
      `--grpc-port=${grpcPort}`,
      "--project=shop",
    ],
  });
  return {
    env: {
      BIGQUERY_EMULATOR_HOST: `127.0.0.1:${server.port}`,
      BIGQUERY_STORAGE_EMULATOR_HOST: `127.0.0.1:${grpcPort}`,
      GOOGLE_CLOUD_PROJECT: "shop",
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
