import { Service, type ServiceProgram } from "./service.ts";

/** The account that the server knows by itself, and its key. */
export const ACCOUNT = "devstoreaccount1";
/** Published with the server. */
export const ACCOUNT_KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** A server that speaks as Azure Blob Storage does. */
export const AZURITE: ServiceProgram = {
  name: "azurite-3.37.0",
  install: [
    [
      "npm",
      "install",
      "--no-audit",
      "--no-fund",
      "--prefix=.",
      "azurite@3.37.0",
    ],
  ],
  start: (port) => [
    "node_modules/.bin/azurite-blob",
    "--blobHost=127.0.0.1",
    `--blobPort=${port}`,
    "--inMemoryPersistence",
    "--silent",
    "--disableTelemetry",
  ],
};

/** Starts a server that speaks as Azure Blob Storage does. */
export function startAzurite(): Promise<Service> {
  return Service.start(AZURITE);
}

/** A connection string for the server's own account, by way of a port of this machine. */
export function connectionString(
  port: number,
  key: string = ACCOUNT_KEY,
): string {
  return [
    "DefaultEndpointsProtocol=http",
    `AccountName=${ACCOUNT}`,
    `AccountKey=${key}`,
    `BlobEndpoint=http://127.0.0.1:${port}/${ACCOUNT}`,
  ].join(";");
}
