/**
 * The runtime's own OpenTelemetry, which its variables switch on: the server needs no code and no permission for it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ToldServer } from "../serve/told_server.ts";

/** Takes what is exported, as a collector does. */
class Collector implements AsyncDisposable {
  /** Names of all that came, by its path. */
  readonly came: string[] = [];
  /** Values of the attribute `http.route`, by the path of what came. */
  readonly routes: Set<string> = new Set();
  /** All that came. */
  text = "";
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const { pathname } = new URL(request.url);
        const text = await request.text();
        const found = text.matchAll(/"name":\s*"([^"]*)"/g);
        for (const [, name] of found) this.came.push(`${pathname} ${name}`);
        const routes = text.matchAll(
          /"http\.route",\s*"value":\s*\{\s*"stringValue":\s*"([^"]*)"/g,
        );
        for (const [, route] of routes) this.routes.add(`${pathname} ${route}`);
        this.text += text;
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

Deno.test("serve tells requests by their routes to a collector where OTEL_DENO asks for it, without ids, with the permissions that it has anyway", async () => {
  await using collector = new Collector();
  await using server = await ToldServer.start({
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: "50",
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  const body = '{"user_id":"a-secret-user"}';
  for (
    const path of ["/predict/shop", "/v1/recipes/shop:recommend", "/nowhere"]
  ) {
    const url = `http://127.0.0.1:${server.port}${path}`;
    const response = await fetch(url, { method: "POST", body });
    await response.body?.cancel();
    assertEquals(response.status, 404);
  }
  async function until(come: () => boolean): Promise<void> {
    while (!come()) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (
    const wanted of [
      "/v1/traces POST /predict/:name",
      "/v1/traces POST /v1/recipes/:call",
      "/v1/traces POST /*",
      "/v1/metrics http.server.request.duration",
    ]
  ) await until(() => collector.came.includes(wanted));
  for (const kind of ["traces", "metrics"]) {
    for (const route of ["/predict/:name", "/v1/recipes/:call", "/*"]) {
      await until(() => collector.routes.has(`/v1/${kind} ${route}`));
    }
  }
  assert(!collector.text.includes("secret"));
  server.signal();
  assertEquals(await server.end(), 0);
});
