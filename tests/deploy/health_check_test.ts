import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const CHECK: string = fromFileUrl(
  import.meta.resolve("../../deploy/health_check.ts"),
);

/** Exit code of the health check, run with the permissions that the image gives it. */
async function check(port: number): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-env=RECOTEM_PORT",
      "--allow-net=127.0.0.1",
      CHECK,
    ],
    env: { RECOTEM_PORT: String(port) },
  }).output();
  return code;
}

for (const [status, code] of [[200, 0], [421, 0], [503, 1]] as const) {
  Deno.test(`health_check.ts exits with ${code} when /health answers ${status}`, async () => {
    const paths: string[] = [];
    await using server = Deno.serve({ port: 0, onListen() {} }, (request) => {
      paths.push(new URL(request.url).pathname);
      return new Response(null, { status });
    });
    assertEquals(await check(server.addr.port), code);
    assertEquals(paths, ["/health"]);
  });
}

Deno.test("health_check.ts exits with 1 when nothing listens", async () => {
  const listener = Deno.listen({ port: 0 });
  const { port } = listener.addr;
  listener.close();
  assertEquals(await check(port), 1);
});
