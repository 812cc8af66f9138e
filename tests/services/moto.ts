import { Service } from "./service.ts";

/** Starts an S3 server. */
export function startMoto(): Promise<Service> {
  return Service.start({
    name: "moto-5.2.5",
    install: [
      ["python3", "-m", "venv", "."],
      ["bin/pip", "install", "--quiet", "moto[server]==5.2.5"],
    ],
    start: (port) => ["bin/moto_server", "-H", "127.0.0.1", "-p", String(port)],
  });
}
