import { assertEquals } from "@std/assert";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { studyStorage } from "../../../../core/recipe/study_storage.ts";
import { postgresqlFailure } from "../../../../train/search/database/postgresql_failure.ts";

const STORAGE = studyStorage("postgresql://db.example.org:5432/studies");

/** What a write to a connection fails with after `spoil` has been done to that. */
async function failureOf(spoil: (socket: Socket) => void): Promise<unknown> {
  const server = createServer((peer) => peer.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  spoil(socket);
  const failure = await new Promise((resolve) => socket.write("x", resolve));
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  return failure;
}

Deno.test("postgresqlFailure() takes a write to a connection that has gone away for a loss, whatever the runtime calls it", async () => {
  if (STORAGE.type !== "postgresql") throw new Error(STORAGE.type);
  const codes: string[] = [];
  for (
    const spoil of [
      (socket: Socket) => void socket.end(),
      (socket: Socket) => void socket.destroy(),
    ]
  ) {
    const error = await failureOf(spoil);
    codes.push((error as { code: string }).code);
    const { kind, message } = postgresqlFailure(error, STORAGE);
    assertEquals(kind, "lost");
    assertEquals(message, `db.example.org:5432 is away (${codes.at(-1)})`);
  }
  assertEquals(codes, ["ERR_STREAM_WRITE_AFTER_END", "ERR_STREAM_DESTROYED"]);
});

Deno.test("postgresqlFailure() tells losses from refusals by the server's code", () => {
  if (STORAGE.type !== "postgresql") throw new Error(STORAGE.type);
  for (
    const [code, kind] of [
      ["ECONNRESET", "lost"],
      ["EPIPE", "lost"],
      ["ERR_SOCKET_CLOSED", "lost"],
      ["CONNECTION_CLOSED", "lost"],
      ["57P01", "lost"],
      ["28P01", "credentials"],
      ["42501", "other"],
      ["3D000", "other"],
      ["22003", "other"],
    ] as const
  ) {
    const error = Object.assign(new Error("s3cret"), { code });
    const failure = postgresqlFailure(error, STORAGE);
    assertEquals(failure.kind, kind, code);
    assertEquals(failure.message.includes("s3cret"), false);
  }
});
