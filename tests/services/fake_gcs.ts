import { Service, type ServiceProgram } from "./service.ts";

/** A server that speaks as Google Cloud Storage does. */
export const FAKE_GCS: ServiceProgram = {
  name: "fake-gcs-server-1.56.1",
  install: [
    ["go", "install", "github.com/fsouza/fake-gcs-server@v1.56.1"],
  ],
  env: (folder) => ({ GOBIN: folder }),
  start: (port) => [
    "./fake-gcs-server",
    "-backend=memory",
    "-scheme=http",
    "-host=127.0.0.1",
    `-port=${port}`,
    `-external-url=http://127.0.0.1:${port}`,
    `-public-host=127.0.0.1:${port}`,
  ],
};

/** Starts a server that speaks as Google Cloud Storage does. */
export function startFakeGcs(): Promise<Service> {
  return Service.start(FAKE_GCS);
}
