import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Audit } from "../../audit.ts";
import { answer, WebServer } from "./web_server.ts";

const ROOT: string = fromFileUrl(import.meta.resolve("../../../"));
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

interface Outcome {
  readonly lines: string[];
  readonly err: string;
}

async function execute(
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome & { success: boolean }> {
  const [program, ...args] = command;
  const { success, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return {
    success,
    lines: decoder.decode(stdout).trim().split("\n"),
    err: decoder.decode(stderr),
  };
}

async function script(text: string): Promise<
  { path: string } & AsyncDisposable
> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/script.ts`;
  await Deno.writeTextFile(path, text);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const RUN = ["run", "--config=deno.json", "--no-prompt", "--no-check"];

Deno.test("HttpStore needs permission for host and port, and for nothing else", async () => {
  await using server = new WebServer(() => answer("body"));
  await using other = new WebServer(() => answer("other"));
  await using program = await script(fetcher("() => null"));
  using audit = new Audit();
  const host = `localhost:${server.port}`;
  const { lines, err } = await execute([
    Deno.execPath(),
    ...RUN,
    `--allow-net=${host}`,
    program.path,
    `http://${host}/`,
    `http://localhost:${other.port}/`,
  ], audit.env);
  assertEquals(err, "");
  assertEquals(lines, [
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
  args: ["run", "--config=deno.json", "--no-prompt", "--no-check", "--allow-net=data.test:80,mixed.test:80,169.254.169.254:80,localhost:80,9.9.9.9:80", program, ...args],
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
`;

Deno.test("HttpStore reaches the public internet by the system's own names, and nothing else", async (t) => {
  await using program = await script(fetcher("refuseAddress"));
  await using world = await script(WORLD);
  await using hosts = await script(HOSTS);
  // A network of its own, in which a public address is this machine's.
  const setUp = [
    "ip link set lo up",
    "ip addr add 9.9.9.9/32 dev lo",
    "ip addr add 169.254.169.254/32 dev lo",
    `mount --bind ${hosts.path} /etc/hosts`,
  ].join(" && ");
  const namespace = ["unshare", "--net", "--mount", "--map-root-user"];
  const possible = await execute([...namespace, "sh", "-c", setUp])
    .catch((error) => ({ success: false, err: String(error) }));
  if (!possible.success) {
    await t.step({
      name: `no network of its own: ${possible.err.trim()}`,
      ignore: true,
      fn() {},
    });
    return;
  }
  const { lines, err } = await execute([
    ...namespace,
    "sh",
    "-c",
    `${setUp} && exec "$0" "$@"`,
    Deno.execPath(),
    ...["run", "-A", "--no-config", world.path],
    program.path,
    Deno.execPath(),
    "http://data.test/",
    "http://9.9.9.9/",
    "http://localhost/",
    "http://mixed.test/",
    "http://169.254.169.254/",
    "http://data.test/http://169.254.169.254/",
    "http://data.test/http://localhost/",
  ]);
  assertEquals(err, "");
  const refusal = (place: string) =>
    `http_fetch_error: ${place} address: it must be on the public internet, or RECOTEM_HTTP_ALLOW_PRIVATE be set`;
  assertEquals(lines, [
    "public",
    "public",
    refusal("Host localhost is at 127.0.0.1, a loopback"),
    refusal("Host mixed.test is at 127.0.0.1, a loopback"),
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
