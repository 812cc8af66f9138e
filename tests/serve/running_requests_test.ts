import { assertEquals, assertMatch } from "@std/assert";
import { readJsonBody } from "../../serve/json_body.ts";
import { RunningRequests } from "../../serve/running_requests.ts";
import { answerOn, write } from "./told_server.ts";

const HALVES = [
  'Content-Length: 900\r\n\r\n{"user_id":"',
  "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
];

/** A server that answers with what it reads. */
function listen(
  running: RunningRequests,
  onRequest: () => void = () => {},
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    running.track(async (request) => {
      onRequest();
      return Response.json(await readJsonBody(request));
    }),
  );
}

function connect(
  { addr }: Deno.HttpServer<Deno.NetAddr>,
): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port: addr.port });
}

for (const half of HALVES) {
  Deno.test(`RunningRequests.refuseSlow() answers 408 to what has not come whole for one look, and forgets it: ${half.slice(0, 20)}`, async () => {
    const running = new RunningRequests();
    const came = Promise.withResolvers<void>();
    const server = listen(running, came.resolve);
    const connection = await connect(server);
    await write(connection, `POST / HTTP/1.1\r\nHost: localhost\r\n${half}`);
    await came.promise;
    running.refuseSlow();
    const other = await fetch(`http://127.0.0.1:${server.addr.port}/`, {
      method: "POST",
      body: "1",
    });
    assertEquals([other.status, await other.json()], [200, { value: 1 }]);
    running.refuseSlow();
    const bytes = new Uint8Array(1000);
    const count = await connection.read(bytes);
    const answer = new TextDecoder().decode(bytes.subarray(0, count!));
    assertMatch(answer, /^HTTP\/1\.1 408 /);
    await running.settled();
    connection.close();
    await server.shutdown();
  });
}

Deno.test("RunningRequests.refuseSlow() lets a request go on that came since the last look, however often it is called later", async () => {
  const running = new RunningRequests();
  const came = Promise.withResolvers<void>();
  const server = listen(running, came.resolve);
  running.refuseSlow();
  const connection = await connect(server);
  const head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n";
  await write(connection, `${head}Connection: close\r\n\r\n4`);
  await came.promise;
  running.refuseSlow();
  await write(connection, "2");
  assertMatch(await answerOn(connection), /^HTTP\/1\.1 200 [^]*"value":42/);
  running.refuseSlow();
  running.refuseSlow();
  await running.settled();
  await server.shutdown();
});

Deno.test("RunningRequests.track() passes on what the handler answers and throws, and settled() waits for both", async () => {
  const running = new RunningRequests();
  const gate = Promise.withResolvers<void>();
  const info = {} as Deno.ServeHandlerInfo<Deno.NetAddr>;
  const request = new Request("http://localhost/");
  const good = running.track(async () => {
    await gate.promise;
    return new Response("x");
  })(request, info);
  const bad = running.track(async () => {
    await gate.promise;
    throw new TypeError("no");
  })(request, info);
  let settled = false;
  const waiting = running.settled().then(() => settled = true);
  await Promise.resolve();
  assertEquals(settled, false);
  gate.resolve();
  assertEquals(await (await good).text(), "x");
  assertEquals(
    await Promise.resolve(bad).then(() => "", (error) => error.message),
    "no",
  );
  await waiting;
});
