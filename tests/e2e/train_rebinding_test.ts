/** Names of hosts that turn to private addresses, told by a real server of names. */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { createHash } from "node:crypto";
import { inOwnNetwork } from "../core/storage/own_network.ts";
import { LOANS } from "../train/loans.ts";
import { ENV, loansFolder, QUICK, recipe } from "./train_run.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/**
 * A server of names that calls the host public as often as it is told, and private from then on; a server at each of the
 * two addresses; and `recotem train`. Prints how that ended, what it said last, and who was visited.
 */
const WORLD = `
import { createSocket } from "node:dgram";
const [times, csv, folder, main] = Deno.args;
let asked = 0;
const names = createSocket("udp4");
names.on("message", (query, { address, port }) => {
  let end = 12;
  while (query[end] !== 0) end += 1 + query[end];
  const question = query.subarray(12, end + 5);
  // Of type A; what else is asked for is not there.
  const found = question.at(-3) === 1;
  const numbers = found && asked++ < Number(times) ? [9, 9, 9, 9] : [127, 0, 0, 1];
  names.send(Uint8Array.from([
    query[0], query[1], 0x81, 0x80, 0, 1, 0, found ? 1 : 0, 0, 0, 0, 0,
    ...question,
    ...(found ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...numbers] : []),
  ]), port, address);
});
await new Promise((resolve) => names.bind(53, "127.0.0.1", resolve));
const visited = [];
for (const hostname of ["9.9.9.9", "127.0.0.1"]) {
  Deno.serve({ hostname, port: 80, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    visited.push(hostname + pathname);
    return pathname === "/loans.csv"
      ? new Response(Deno.readTextFileSync(csv))
      : Response.redirect(new URL("/loans.csv", request.url), 302);
  });
}
const { code, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", main, "train", "books.yaml"],
  cwd: folder,
}).output();
const said = new TextDecoder().decode(stderr).trim().split("\\n").at(-1);
console.log(JSON.stringify({ code, error: JSON.parse(said).error, visited }));
Deno.exit();
`;

const REFUSED =
  "Error: Host data.test is at 127.0.0.1, a loopback address: it must be on the public internet, or RECOTEM_HTTP_ALLOW_PRIVATE be set";

for (
  const [times, path, expected] of [
    [9, "/moved", { code: 0, visited: ["9.9.9.9/moved", "9.9.9.9/loans.csv"] }],
    [2, "/moved", { code: 7, error: REFUSED, visited: ["9.9.9.9/moved"] }],
    [1, "/loans.csv", { code: 7, error: REFUSED, visited: [] }],
    [0, "/loans.csv", { code: 7, error: REFUSED, visited: [] }],
  ] as const
) {
  Deno.test(`recotem train goes where a name leads only while that is public: ${times} look-ups`, async (t) => {
    const sha256 = createHash("sha256").update(LOANS).digest("hex");
    await using folder = await loansFolder(recipe({
      source:
        `source: { type: csv, path: "http://data.test${path}", sha256: ${sha256} }`,
      training: QUICK,
    }));
    await folder.write("world.js", WORLD);
    const outcome = await inOwnNetwork(t, {
      addresses: ["9.9.9.9"],
      hosts: "127.0.0.1 localhost\n",
      resolver: "nameserver 127.0.0.1\noptions timeout:2\n",
    }, [
      "env",
      ...Object.entries(ENV).map(([name, value]) => `${name}=${value}`),
      Deno.execPath(),
      "run",
      "-A",
      `${folder.path}/world.js`,
      String(times),
      `${folder.path}/data/loans.csv`,
      folder.path,
      MAIN,
    ]);
    if (outcome === null) return;
    assertEquals(outcome.err, "");
    assertEquals(JSON.parse(outcome.out), expected);
  });
}
