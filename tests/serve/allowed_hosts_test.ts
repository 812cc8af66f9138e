import { assertEquals } from "@std/assert";
import { Client } from "./client.ts";

/** Status of the answer to a request with this `Host`. */
async function status(
  allowedHosts: readonly string[],
  host: string,
  path = "/health",
): Promise<number> {
  const client = new Client({ allowedHosts });
  return (await client.send(path, { headers: { host } })).status;
}

Deno.test("allowedHosts() lets the listed names pass, whatever their port and case", async () => {
  const list = ["127.0.0.1", "Localhost", "[::1]"];
  for (
    const host of [
      "127.0.0.1",
      "127.0.0.1:8080",
      "LOCALHOST",
      "localhost:1",
      "[::1]",
      "[::1]:8080",
    ]
  ) assertEquals(await status(list, host), 200, host);
});

Deno.test("allowedHosts() answers 400 to all other names", async () => {
  const list = ["127.0.0.1", "localhost", "[::1]"];
  for (
    const host of [
      "",
      ":8080",
      "evil.example",
      "localhost.evil.example",
      "xlocalhost",
      "localhost.",
      "127.0.0.2",
      "[::2]",
      "::1",
    ]
  ) assertEquals(await status(list, host), 400, host);
});

Deno.test("allowedHosts() refuses what is more than a name and a port, even where any name is allowed", async () => {
  for (
    const host of [
      "localhost:80/models?",
      "localhost/models",
      "localhost:80:90",
      "localhost:8o",
      "user@localhost",
      "localhost#",
      "[::1",
      "[::1]x",
      "[localhost]",
      "local host",
      "localhost,localhost",
    ]
  ) {
    assertEquals(await status(["localhost", "[::1]"], host), 400, host);
    assertEquals(await status(["*"], host), 400, host);
  }
});

Deno.test("allowedHosts() takes *.suffix for what is below it, and * for any name", async () => {
  const list = ["*.Example.com"];
  assertEquals(await status(list, "api.example.com:443"), 200);
  assertEquals(await status(list, "a.b.EXAMPLE.com"), 200);
  for (
    const host of ["example.com", ".example.com", "xexample.com", "api.example"]
  ) assertEquals(await status(list, host), 400, host);
  assertEquals(await status(["*"], "anything.example"), 200);
});

Deno.test("allowedHosts() guards every path, and does not repeat the name", async () => {
  const client = new Client({ keys: {} });
  for (const path of ["/health", "/models", "/predict/shop", "/none"]) {
    const response = await client.send(path, {
      headers: { host: "evil.example" },
    });
    assertEquals(response.status, 400);
    assertEquals(await response.json(), {
      detail: "Host is not allowed",
      code: "invalid_host",
      request_id: response.headers.get("x-request-id"),
    });
  }
  assertEquals(client.recorded, []);
});

Deno.test("allowedHosts() goes by the URL where there is no Host header", async () => {
  const client = new Client({ allowedHosts: ["localhost"] });
  assertEquals((await client.send("/health")).status, 200);
  const other = new Client({ allowedHosts: ["127.0.0.1"] });
  assertEquals((await other.send("/health")).status, 400);
});
