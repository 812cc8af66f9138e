import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { RecotemError } from "../errors.ts";
import { parseAddress } from "./parse_address.ts";

/** How to reach a host. */
export interface ConnectionOptions {
  /** Why an address may not be connected to, as `refuseAddress()` tells; null when it may. */
  readonly refuse: (address: string) => string | null;
  /** Resolves names in place of the system. The runtime then asks for permission for the address, not for the name. */
  readonly lookup?: LookupFunction;
  /** Certificates, as PEM, of the authorities that are trusted in place of the runtime's own. */
  readonly caCerts?: readonly string[];
}

type Family = 0 | 4 | 6;

/** Longer than any fetch: no second address is tried while the first is. */
const NO_SECOND_ATTEMPT_MS = 2 ** 31 - 1;

/**
 * A connection to the host of a URL, with TLS for `https:`. None is made when any of the host's addresses is refused, and
 * the one connected to is one of those that were judged: resolving and connecting are one step of the runtime, which
 * tells the addresses in between. So it needs permission for the name (`--allow-net=host:port`) and not for its
 * addresses.
 *
 * @throws {RecotemError} `http_fetch_error` when an address of the host is refused; else what the system says.
 */
export async function guardedConnection(
  url: URL,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await connectToAny(url, options, signal);
  if (url.protocol === "http:") return socket;
  const host = hostOf(url);
  const secured = connectTls({
    socket,
    host,
    servername: isIP(host) === 0 ? host : "",
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
 * @throws {RecotemError} `http_fetch_error` when one is refused; else what the system says.
 */
export async function checkHost(
  url: URL,
  { refuse, lookup = systemLookup }: ConnectionOptions,
): Promise<void> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0
    ? await resolve(host, portOf(url), lookup)
    : [host];
  for (const address of addresses) requireAllowed(host, address, refuse);
}

function resolve(
  host: string,
  port: number,
  lookup: LookupFunction,
): Promise<string[]> {
  // With the port, permission for `host:port` is enough.
  const options = { all: true, port };
  return new Promise((resolve, reject) => {
    lookup(host, options, (error, addresses) => {
      if (error) reject(error);
      else if (addresses.length === 0) reject(new NoAddress());
      else if (typeof addresses === "string") resolve([addresses]);
      else resolve(addresses.map(({ address }) => address));
    });
  });
}

/** A look-up that succeeded and found nothing. */
class NoAddress extends Error {
  readonly code = "ENODATA";
}

/** Tries the first address; when it cannot be reached, the first one of the other family. */
async function connectToAny(
  url: URL,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const addresses: string[] = [];
  try {
    return await connectOnce(url, 0, addresses, options, signal);
  } catch (error) {
    const [first] = addresses;
    const other = addresses.find((address) => isIP(address) !== isIP(first!));
    const final = error instanceof RecotemError || signal.aborted;
    if (final || other === undefined) throw error;
    const family = isIP(other) as Family;
    return await connectOnce(url, family, [], options, signal);
  }
}

/** @param addresses Filled with the addresses of the host. */
async function connectOnce(
  url: URL,
  family: Family,
  addresses: string[],
  { refuse, lookup }: ConnectionOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const host = hostOf(url);
  function check(address: string): void {
    addresses.push(address);
    requireAllowed(host, address, refuse);
  }
  if (isIP(host) !== 0) check(host);
  const socket = new Socket();
  socket.on("lookup", (error, address) => {
    try {
      if (!error) check(address);
    } catch (refusal) {
      socket.destroy(refusal as RecotemError);
    }
  });
  // The permission for the name covers the first attempt only; a second one would end the process.
  socket.on("connectionAttemptFailed", (_address, _port, _family, error) => {
    socket.destroy(error);
  });
  socket.connect({
    host,
    port: portOf(url),
    family,
    // All addresses are told before the first is tried; without this, the first only.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NO_SECOND_ATTEMPT_MS,
    ...(lookup && { lookup }),
  });
  await established(socket, "connect", signal);
  const { remoteAddress = "" } = socket;
  const reached = parseAddress(remoteAddress)?.join();
  if (!addresses.some((each) => parseAddress(each)?.join() === reached)) {
    // Nothing has been sent. Were the runtime ever to resolve without telling, it would end here.
    socket.destroy();
    throw new RecotemError(
      "http_fetch_error",
      `Host ${host} was reached at ${remoteAddress}, which was not among the addresses that were checked`,
    );
  }
  return socket;
}

/** The socket, once `event` has come. */
function established(
  socket: Socket,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    function abort(): void {
      socket.destroy();
      reject(signal.reason);
    }
    // Stays, since a socket that fails with nobody listening ends the process.
    socket.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(error);
    });
    socket.once(event, () => {
      signal.removeEventListener("abort", abort);
      resolve(socket);
    });
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
}

function requireAllowed(
  host: string,
  address: string,
  refuse: ConnectionOptions["refuse"],
): void {
  const kind = refuse(address);
  if (kind === null) return;
  const place = host === address
    ? `${host} is ${kind} address`
    : `Host ${host} is at ${address}, ${kind} address`;
  throw new RecotemError(
    "http_fetch_error",
    `${place}: it must be on the public internet, or RECOTEM_HTTP_ALLOW_PRIVATE be set`,
    { details: { reason: "private_address" } },
  );
}

/** The host without brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === "https:" ? 443 : 80);
}
