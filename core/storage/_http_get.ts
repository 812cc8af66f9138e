import { type IncomingMessage, request } from "node:http";
import {
  type ConnectionOptions,
  guardedConnection,
} from "./_guarded_connection.ts";

const USER_AGENT = "recotem/2";

/**
 * Sends one GET request over a connection of its own. Redirects are answers like others. The body must be read to its
 * end, or the answer destroyed; an abort destroys it.
 *
 * @param headers Those beside what all requests send.
 * @throws {RecotemError} As {@linkcode guardedConnection}.
 */
export async function httpGet(
  url: URL,
  headers: Readonly<Record<string, string>>,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const socket = await guardedConnection(url, options, signal);
  return await new Promise((resolve, reject) => {
    const abort = () => socket.destroy(signal.reason);
    socket.once("close", () => signal.removeEventListener("abort", abort));
    signal.addEventListener("abort", abort);
    const sent = request({
      path: url.pathname + url.search,
      headers: {
        host: url.host,
        "user-agent": USER_AGENT,
        accept: "*/*",
        ...headers,
      },
      createConnection: () => socket,
    });
    sent.on("response", resolve);
    sent.on("error", reject);
    sent.end();
  });
}
