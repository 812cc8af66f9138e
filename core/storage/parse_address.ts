/**
 * The bytes of an IP address in any of its spellings, or null when the text is a name.
 *
 * IPv4 is read as C libraries read it: one to four numbers in decimal, octal (`0…`) or hexadecimal (`0x…`), the last of
 * which fills the bytes that are left. IPv6 is RFC 4291, with or without brackets and zone. Full-width digits and dots,
 * upper case and a dot at the end make no difference.
 *
 * @returns 4 bytes, also for an IPv4 address in IPv6 form (`::ffff:…`), else 16.
 *
 * @example
 * ```ts
 * import { parseAddress } from "./parse_address.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAddress("0x7f.1"), Uint8Array.of(127, 0, 0, 1));
 * assertEquals(parseAddress("example.org"), null);
 * ```
 */
export function parseAddress(text: string): Uint8Array | null {
  const plain = text.normalize("NFKC").replaceAll("。", ".").toLowerCase();
  return plain.includes(":")
    ? parseIpv6(plain.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/s, ""))
    : parseIpv4(plain.replace(/\.$/, ""));
}

function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length > 4) return null;
  const numbers = parts.map(parseNumber);
  const tail = numbers.pop()!;
  const tailBytes = 4 - numbers.length;
  const valid = numbers.every((number) => number < 2 ** 8) &&
    tail < 2 ** (8 * tailBytes);
  if (!valid) return null;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, tail);
  bytes.set(numbers);
  return bytes;
}

/** NaN when the text is no number. */
function parseNumber(text: string): number {
  if (/^0x[0-9a-f]*$/.test(text)) return Number(`${text}0`) / 16;
  if (/^0[0-7]*$/.test(text)) return Number(`0o${text}`);
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : NaN;
}

function parseIpv6(text: string): Uint8Array | null {
  const halves = text.split("::").map(parseGroups);
  const [head, tail] = halves;
  if (!head || tail === null || halves.length > 2) return null;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  const bytes = new Uint8Array(16);
  bytes.set(head);
  if (tail) bytes.set(tail, 16 - tail.length);
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12) : bytes;
}

/** The bytes of groups between colons, the last of which may be an IPv4 address; null when it is none of that. */
function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const groups = text.split(":");
  const dotted = groups.at(-1)!.includes(".") ? parseIpv4(groups.pop()!) : [];
  if (dotted === null) return null;
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return null;
  return [
    ...groups.flatMap((group) => {
      const value = parseInt(group, 16);
      return [value >> 8, value & 255];
    }),
    ...dotted,
  ];
}
