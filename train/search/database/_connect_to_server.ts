import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { PostgresqlStorage } from "../../../core/recipe/study_storage.ts";

const CONNECT_MILLISECONDS = 10_000;
/** Asks a server for TLS; it answers with one letter. */
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);
const YES = "S".charCodeAt(0);

/** A server that has no TLS, or speaks another protocol. */
export class NoTls extends Error {
  readonly code = "NO_TLS";
}

/**
 * Connects to a PostgreSQL server, with TLS as its `sslmode` says. The addresses of a name are tried one connection
 * each, because the runtime takes permission for the name with the first one only.
 */
export async function connectToServer(
  storage: PostgresqlStorage,
): Promise<Socket> {
  const socket = await connectToAny(storage);
  try {
    const { sslMode } = storage;
    if (sslMode === "disable") return socket;
    if (await offersTls(socket)) return await secure(socket, storage);
    if (sslMode === "prefer") return socket;
    throw new NoTls();
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function connectToAny(
  { host, port }: PostgresqlStorage,
): Promise<Socket> {
  const failures: unknown[] = [];
  for (const family of isIP(bare(host)) ? [0] : [0, 4, 6]) {
    try {
      const socket = connect({
        host: bare(host),
        port,
        family,
        autoSelectFamily: false,
      });
      return await established(socket, "connect");
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

/** Whether the server takes TLS. More than its answer would be somebody else's, smuggled in before TLS begins. */
async function offersTls(socket: Socket): Promise<boolean> {
  const answer = Promise.withResolvers<Uint8Array>();
  socket.once("data", answer.resolve);
  socket.once("error", answer.reject);
  socket.once("end", () => answer.reject(new NoTls()));
  socket.setTimeout(CONNECT_MILLISECONDS, () => answer.reject(silent()));
  socket.write(SSL_REQUEST);
  const bytes = await answer.promise;
  socket.setTimeout(0);
  socket.removeAllListeners();
  hearErrors(socket);
  if (bytes.length > 1) throw new NoTls();
  return bytes[0] === YES;
}

async function secure(
  socket: Socket,
  { host, sslMode, rootCertificate }: PostgresqlStorage,
): Promise<Socket> {
  const name = bare(host);
  const secured = connectTls({
    socket,
    host: name,
    servername: isIP(name) ? "" : name,
    rejectUnauthorized: sslMode.startsWith("verify"),
    ...(rootCertificate !== null &&
      { ca: [await Deno.readTextFile(rootCertificate)] }),
    ...(sslMode === "verify-ca" && { checkServerIdentity: () => undefined }),
  });
  return await established(secured, "secureConnect");
}

/** Waits for a connection, or its failure. */
async function established<S extends Socket>(
  socket: S,
  event: "connect" | "secureConnect",
): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, resolve);
  socket.once("error", reject);
  socket.once("close", () => reject(new Error("closed")));
  socket.setTimeout(CONNECT_MILLISECONDS, () => reject(silent()));
  try {
    await promise;
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    socket.setTimeout(0);
    socket.removeAllListeners();
    hearErrors(socket);
  }
}

/** An error that nobody hears would end the process. */
function hearErrors(socket: Socket): void {
  socket.on("error", () => {});
}

/** What the system calls a host that says nothing. */
function silent(): Error {
  return Object.assign(new Error("timeout"), { code: "ETIMEDOUT" });
}

/** An address without its brackets. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
