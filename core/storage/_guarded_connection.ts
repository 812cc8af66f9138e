import { isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  checkHost,
  type ConnectOptions,
  connectToHost,
  type HostAndPort,
} from "./connect_to_host.ts";
import { established } from "./established.ts";

const allowedBy = "RECOTEM_HTTP_ALLOW_PRIVATE";

/** How to reach a host of the web. */
export interface ConnectionOptions extends Omit<ConnectOptions, "allowedBy"> {
  /** Certificates, as PEM, of the authorities that are trusted in place of the runtime's own. */
  readonly caCerts?: readonly string[];
}

/**
 * A connection to the host of a URL, with TLS for `https:`.
 *
 * @throws {RecotemError} As {@linkcode connectToHost}.
 */
export async function guardedConnection(
  url: URL,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const place = placeOf(url);
  const socket = await connectToHost(place, { ...options, allowedBy }, signal);
  if (url.protocol === "http:") return socket;
  const secured = connectTls({
    socket,
    host: place.host,
    servername: isIP(place.host) === 0 ? place.host : "",
    // Said aloud, because a variable can change the default.
    rejectUnauthorized: true,
    ALPNProtocols: ["http/1.1"],
    ...(options.caCerts && { ca: [...options.caCerts] }),
  });
  return await established(secured, "secureConnect", signal);
}

/**
 * Resolves the host of a URL and judges its addresses, without connecting.
 *
 * @throws {RecotemError} As {@linkcode checkHost}.
 */
export async function checkUrl(
  url: URL,
  options: ConnectionOptions,
): Promise<void> {
  await checkHost(placeOf(url), { ...options, allowedBy });
}

/** Host and port of a URL. */
export function placeOf({ hostname, port, protocol }: URL): HostAndPort {
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port) || (protocol === "https:" ? 443 : 80),
  };
}
