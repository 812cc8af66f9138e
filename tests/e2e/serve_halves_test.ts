/**
 * Ten thousand clients that each send half a request and then nothing, beside one that asks as it should. Takes seconds,
 * for so many connections. `RECOTEM_SHOW_MEMORY=1` prints figures.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { ServeProcess, sleep } from "./serve_process.ts";

const CLIENTS = 10_000;
/** Connections that are opened at a time, fewer than wait in the listener's queue. */
const AT_ONCE = 100;
/** What one half request may take of the server's memory: the runtime's buffers, and what this server holds of it. */
const MOST_BYTES_EACH = 64_000;

const HALVES = [
  "POST /predict/shop HTTP/1.1\r\nHost: localhost\r\nX-Never: ends",
  'POST /predict/shop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{"user_id":"',
  "POST /v1/recipes/shop:recommend HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
].map((text) => new TextEncoder().encode(text));

async function half(port: number, n: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(HALVES[n % HALVES.length]!);
  return connection;
}

Deno.test(`serve answers others while ${CLIENTS} clients have sent half a request, in bounded memory, and forgets them when they go`, async () => {
  await using server = await ServeProcess.start({});
  const port = Number(new URL(server.url).port);
  const trained = await server.trainedAt();
  const before = await server.memory();
  const connections: Deno.TcpConn[] = [];
  try {
    for (let n = 0; n < CLIENTS; n += AT_ONCE) {
      connections.push(
        ...await Promise.all(
          Array.from({ length: AT_ONCE }, (_, i) => half(port, n + i)),
        ),
      );
      assertEquals(await server.trainedAt(), trained);
    }
    const during = await server.memory();
    if (Deno.env.has("RECOTEM_SHOW_MEMORY")) {
      const line = `${(before / 1e6).toFixed(0)} MB, then ${
        (during / 1e6).toFixed(0)
      } MB\n`;
      Deno.stdout.writeSync(new TextEncoder().encode(line));
    }
    assertLess(during - before, CLIENTS * MOST_BYTES_EACH);
    const health = await (await fetch(`${server.url}/health`)).json();
    assertEquals(health.status, "ok");
  } finally {
    for (const connection of connections) connection.close();
  }
  // Those who come after them are answered, and as many again find room.
  for (let n = 0; n < 100; n++) {
    assertEquals(await server.trainedAt(), trained);
  }
  await sleep(100);
  const after = await server.memory();
  assert(after - before < CLIENTS * MOST_BYTES_EACH);
});
