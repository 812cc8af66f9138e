/**
 * The runtime's own OpenTelemetry, which its variables switch on: the server needs no code and no permission for it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { ToldServer } from "../serve/told_server.ts";

/** Takes what is exported, as a collector does. */
class Collector implements AsyncDisposable {
  /** Names of all that came, by its path. */
  readonly came: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const { pathname } = new URL(request.url);
        const text = await request.text();
        const found = text.matchAll(/"name":\s*"([^"]*)"/g);
        for (const [, name] of found) this.came.push(`${pathname} ${name}`);
        return new Response("{}");
      },
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

Deno.test("serve tells requests to a collector where OTEL_DENO asks for it, with the permissions that it has anyway", async () => {
  await using collector = new Collector();
  await using server = await ToldServer.start({
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: "50",
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  await server.trainedAt();
  for (
    const wanted of [
      "/v1/traces POST",
      "/v1/metrics http.server.request.duration",
    ]
  ) {
    while (!collector.came.includes(wanted)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  server.signal();
  assertEquals(await server.end(), 0);
});
