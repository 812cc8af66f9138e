import { parseAddress } from "./parse_address.ts";

/** Blocks that are not the public internet (IANA special-purpose registries, RFC 6890 and later), and what they are. */
const NOT_PUBLIC: readonly [block: string, what: string][] = [
  ["0.0.0.0/8", "an unspecified"],
  ["10.0.0.0/8", "a private"],
  ["100.64.0.0/10", "a carrier's private"],
  ["127.0.0.0/8", "a loopback"],
  ["169.254.0.0/16", "a link-local"],
  ["172.16.0.0/12", "a private"],
  ["192.0.0.0/24", "a reserved"],
  ["192.0.2.0/24", "a documentation"],
  ["192.88.99.0/24", "a relay's"],
  ["192.168.0.0/16", "a private"],
  ["198.18.0.0/15", "a benchmarking"],
  ["198.51.100.0/24", "a documentation"],
  ["203.0.113.0/24", "a documentation"],
  ["224.0.0.0/4", "a multicast"],
  ["240.0.0.0/4", "a reserved"],

  ["::/128", "an unspecified"],
  ["::1/128", "a loopback"],
  ["::/96", "an IPv4-compatible"],
  ["64:ff9b::/96", "a translated IPv4"],
  ["64:ff9b:1::/48", "a translated IPv4"],
  ["2001::/32", "a tunnelled IPv4"],
  ["2001::/23", "a reserved"],
  ["2001:db8::/32", "a documentation"],
  ["2002::/16", "a tunnelled IPv4"],
  ["3fff::/20", "a documentation"],
  ["fc00::/7", "a private"],
  ["fe80::/10", "a link-local"],
  ["fec0::/10", "a site-local"],
  ["ff00::/8", "a multicast"],
];

/** The only IPv6 block that is given out for use on the internet. */
const GLOBAL_UNICAST = "2000::/3";

/**
 * Why an IP address, in any spelling, may not be connected to, or null when it lies on the public internet. By an own
 * table, so that the verdict does not change with a library. IPv4 addresses in IPv6 form have the verdict of the IPv4
 * address when they are mapped (`::ffff:…`), and are refused when translated or tunnelled.
 *
 * @returns What kind of address it is, such as `a loopback`; `an unreadable` for a text that is none.
 *
 * @example
 * ```ts
 * import { refuseAddress } from "./refuse_address.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(refuseAddress("93.184.216.34"), null);
 * assertEquals(refuseAddress("::ffff:10.0.0.1"), "a private");
 * ```
 */
export function refuseAddress(address: string): string | null {
  const bytes = parseAddress(address);
  if (bytes === null) return "an unreadable";
  const block = NOT_PUBLIC.find(([block]) => isIn(bytes, block));
  if (block !== undefined) return block[1];
  return bytes.length === 4 || isIn(bytes, GLOBAL_UNICAST)
    ? null
    : "a reserved";
}

function isIn(bytes: Uint8Array, block: string): boolean {
  const [start, length] = block.split("/");
  const first = parseAddress(start!)!;
  if (first.length !== bytes.length) return false;
  return first.every((byte, i) => {
    const bits = Math.min(Math.max(Number(length) - 8 * i, 0), 8);
    return ((byte ^ bytes[i]!) & 255 << 8 - bits & 255) === 0;
  });
}
