import { assertEquals } from "@std/assert";
import { Audit } from "../../audit.ts";
import { execute, inOwnNetwork, temporaryFile } from "./own_network.ts";
import { answer, WebServer } from "./web_server.ts";

const STORAGE: string = import.meta.resolve("../../../core/storage/");

/** A program that fetches its arguments and prints each body, or what is wrong. */
function fetcher(refuse: string): string {
  return `import { HttpStore } from "${STORAGE}http_store.ts";
import { refuseAddress } from "${STORAGE}refuse_address.ts";
const store = new HttpStore({
  refuse: ${refuse}, maxBytes: 1000, timeoutSeconds: 10, firstRetryMs: 1,
});
for (const uri of Deno.args) {
  console.log(await store.stat(uri).then(() => store.read(uri))
    .then((body) => new Response(body).text(), (error) => error.code + ": " + error.message));
}`;
}

const RUN = ["run", "--config=deno.json", "--no-prompt", "--no-check"];

Deno.test("HttpStore needs permission for host and port, and for nothing else", async () => {
  await using server = new WebServer(() => answer("body"));
  await using other = new WebServer(() => answer("other"));
  await using program = await temporaryFile("a.ts", fetcher("() => null"));
  using audit = new Audit();
  const host = `localhost:${server.port}`;
  const { out, err } = await execute([
    Deno.execPath(),
    ...RUN,
    `--allow-net=${host}`,
    program.path,
    `http://${host}/`,
    `http://localhost:${other.port}/`,
  ], audit.env);
  assertEquals(err, "");
  assertEquals(out.trim().split("\n"), [
    "body",
    `http_fetch_error: This process may not connect to localhost:${other.port}: it is granted the hosts that the recipe names and no others`,
  ]);
  assertEquals(audit.asked(), [
    { permission: "net", value: host },
    { permission: "net", value: `localhost:${other.port}` },
  ]);
  assertEquals(other.connections, 0);
});

/** A server on a port of each address, and in another process the fetcher. Prints what was fetched and who was visited. */
const WORLD = `
const [program, deno, ...args] = Deno.args;
const visited = [];
for (const hostname of ["9.9.9.9", "169.254.169.254", "127.0.0.1"]) {
  Deno.serve({ hostname, port: 80, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    visited.push(hostname + " " + request.headers.get("host") + pathname);
    if (pathname === "/") return new Response("public");
    return Response.redirect(new URL(pathname.slice(1), request.url), 302);
  });
}
const { stdout, stderr } = await new Deno.Command(deno, {
  args: ["run", "--config=deno.json", "--no-prompt", "--no-check", "--allow-net=data.test:80,silent.test:80,mixed.test:80,169.254.169.254:80,localhost:80,9.9.9.9:80", program, ...args],
}).output();
await Deno.stdout.write(stdout);
await Deno.stderr.write(stderr);
console.log(visited.join());
Deno.exit();
`;

const HOSTS = `127.0.0.1 localhost
9.9.9.9 data.test
9.9.9.9 mixed.test
127.0.0.1 mixed.test
9.9.9.8 silent.test
9.9.9.7 silent.test
`;

Deno.test("HttpStore reaches the public internet by the system's own names, and nothing else", async (t) => {
  await using program = await temporaryFile("a.ts", fetcher("refuseAddress"));
  await using world = await temporaryFile("b.ts", WORLD);
  const outcome = await inOwnNetwork(
    t,
    {
      addresses: ["9.9.9.7", "9.9.9.8", "9.9.9.9", "169.254.169.254"],
      hosts: HOSTS,
    },
    [
      Deno.execPath(),
      ...["run", "-A", "--no-config", world.path],
      program.path,
      Deno.execPath(),
      "http://data.test/",
      "http://9.9.9.9/",
      "http://localhost/",
      "http://mixed.test/",
      "http://silent.test/",
      "http://169.254.169.254/",
      "http://data.test/http://169.254.169.254/",
      "http://data.test/http://localhost/",
    ],
  );
  if (outcome === null) return;
  assertEquals(outcome.err, "");
  const refusal = (place: string) =>
    `http_fetch_error: ${place} address: it must be on the public internet, or RECOTEM_HTTP_ALLOW_PRIVATE be set`;
  assertEquals(outcome.out.trim().split("\n"), [
    "public",
    "public",
    refusal("Host localhost is at 127.0.0.1, a loopback"),
    refusal("Host mixed.test is at 127.0.0.1, a loopback"),
    "http_fetch_error: Cannot fetch http://silent.test/: the connection failed (ECONNREFUSED)",
    refusal("169.254.169.254 is a link-local"),
    refusal("169.254.169.254 is a link-local"),
    refusal("Host localhost is at 127.0.0.1, a loopback"),
    [
      "9.9.9.9 data.test/",
      "9.9.9.9 9.9.9.9/",
      "9.9.9.9 data.test/http://169.254.169.254/",
      "9.9.9.9 data.test/http://localhost/",
    ].join(),
  ]);
});
