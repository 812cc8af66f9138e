import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction, Socket } from "node:net";
import { RecotemError } from "../errors.ts";
import { established } from "./established.ts";
import { parseAddress } from "./parse_address.ts";

/** A place on the network. */
export interface HostAndPort {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** How to reach a host. */
export interface ConnectOptions {
  /** Why an address may not be connected to, as `refuseAddress()` tells; null when it may. */
  readonly refuse: (address: string) => string | null;
  /** The variable that lets all addresses be connected to, for messages. */
  readonly allowedBy: string;
  /** Resolves names in place of the system. The runtime then asks for permission for the address, not for the name. */
  readonly lookup?: LookupFunction;
}

type Family = 0 | 4 | 6;

/** Longer than any connection takes: no second address is tried while the first is. */
const NO_SECOND_ATTEMPT_MS = 2 ** 31 - 1;

/**
 * A connection to a host. None is made when any of the host's addresses is refused, and the one connected to is one of
 * those that were judged: resolving and connecting are one step of the runtime, which tells the addresses in between.
 * So it needs permission for the name (`--allow-net=host:port`) and not for its addresses. The first address is tried;
 * when it cannot be reached, the first one of the other family.
 *
 * @throws {RecotemError} `http_fetch_error` when an address of the host is refused; else what the system says.
 */
export async function connectToHost(
  place: HostAndPort,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const addresses: string[] = [];
  try {
    return await connectOnce(place, 0, addresses, options, signal);
  } catch (error) {
    const [first] = addresses;
    const other = addresses.find((address) => isIP(address) !== isIP(first!));
    const final = error instanceof RecotemError || signal.aborted;
    if (final || other === undefined) throw error;
    const family = isIP(other) as Family;
    return await connectOnce(place, family, [], options, signal);
  }
}

/**
 * Resolves a host and judges its addresses, without connecting.
 *
 * @throws {RecotemError} `http_fetch_error` when one is refused; else what the system says.
 */
export async function checkHost(
  { host, port }: HostAndPort,
  options: ConnectOptions,
): Promise<void> {
  const addresses = isIP(host) === 0
    ? await resolve(host, port, options.lookup ?? systemLookup)
    : [host];
  for (const address of addresses) requireAllowed(host, address, options);
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

/** @param addresses Filled with the addresses of the host. */
async function connectOnce(
  { host, port }: HostAndPort,
  family: Family,
  addresses: string[],
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Socket> {
  function check(address: string): void {
    addresses.push(address);
    requireAllowed(host, address, options);
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
    port,
    family,
    // All addresses are told before the first is tried; without this, the first only.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NO_SECOND_ATTEMPT_MS,
    ...(options.lookup && { lookup: options.lookup }),
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

function requireAllowed(
  host: string,
  address: string,
  { refuse, allowedBy }: ConnectOptions,
): void {
  const kind = refuse(address);
  if (kind === null) return;
  const place = host === address
    ? `${host} is ${kind} address`
    : `Host ${host} is at ${address}, ${kind} address`;
  throw new RecotemError(
    "http_fetch_error",
    `${place}: it must be on the public internet, or ${allowedBy} be set`,
    { details: { reason: "private_address" } },
  );
}
