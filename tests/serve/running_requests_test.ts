import { assertEquals, assertMatch } from "@std/assert";
import { readJsonBody } from "../../serve/json_body.ts";
import { RunningRequests } from "../../serve/running_requests.ts";
import { Client } from "./client.ts";
import { answerOn, write } from "./told_server.ts";

const HALVES = [
  'Content-Length: 900\r\n\r\n{"user_id":"',
  "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
];

/** Answers with what it reads. */
async function echo(request: Request): Promise<Response> {
  return Response.json(await readJsonBody(request));
}

/** A server on a port of its own. */
function listen(
  running: RunningRequests,
  onRequest: () => void = () => {},
  handler: Deno.ServeHandler<Deno.NetAddr> = echo,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    running.track((request, info) => {
      onRequest();
      return handler(request, info);
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

Deno.test("RunningRequests.refuseSlow() answers 408 to half a request for the application", async () => {
  const running = new RunningRequests();
  const came = Promise.withResolvers<void>();
  const server = listen(running, came.resolve, new Client().handler);
  const connection = await connect(server);
  const head = `POST /predict/shop HTTP/1.1\r\nHost: localhost\r\n${HALVES[0]}`;
  await write(connection, head);
  await came.promise;
  running.refuseSlow();
  running.refuseSlow();
  const bytes = new Uint8Array(1000);
  const count = await connection.read(bytes);
  const answer = new TextDecoder().decode(bytes.subarray(0, count!));
  assertMatch(answer, /^HTTP\/1\.1 408 /);
  connection.close();
  await server.shutdown();
});

for (const body of ["{}", null]) {
  Deno.test(`RunningRequests.refuseSlow() lets a request take its time that has come whole, body ${body}`, async () => {
    const running = new RunningRequests();
    const read = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const server = listen(running, undefined, async (request) => {
      if (body !== null) await readJsonBody(request);
      read.resolve();
      await gate.promise;
      return new Response("x");
    });
    const answer = fetch(`http://127.0.0.1:${server.addr.port}/`, {
      method: body === null ? "GET" : "POST",
      body,
    });
    await read.promise;
    for (let looks = 0; looks < 3; looks++) running.refuseSlow();
    gate.resolve();
    const response = await answer;
    assertEquals([response.status, await response.text()], [200, "x"]);
    await running.settled();
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
