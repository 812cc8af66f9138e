import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseAddress } from "../../../core/storage/parse_address.ts";
import { refuseAddress } from "../../../core/storage/refuse_address.ts";

/** What an address denotes, and its spellings. */
const SPELLINGS: readonly [string | null, readonly string[]][] = [
  ["a loopback", [
    "127.0.0.1",
    "127.0.0.1.",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0X7F000001",
    "017700000001",
    "0x7f.1",
    "0177.1",
    "0177.0.0.01",
    "0x7f.0x0.0x0.0x1",
    "127.0x1",
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "①②⑦.0.0.1",
    "::ffff:127.0.0.1",
    "::FFFF:7F00:1",
    "[::ffff:7f00:0001]",
    "0:0:0:0:0:ffff:127.0.0.1",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "0000:0000:0000:0000:0000:0000:0000:0001",
    "::1%lo",
    "::0.0.0.1",
  ]],
  ["a link-local", [
    "169.254.169.254",
    "2852039166",
    "0xA9FEA9FE",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.16689662",
    "::ffff:169.254.169.254",
    "fe80::1",
    "FE80::1%eth0",
    "[fe80::1]",
    "febf::1",
  ]],
  ["a private", [
    "10.0.0.1",
    "10.1",
    "167772161",
    "012.0.0.1",
    "0xa.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.11010049",
    "0300.0250.0.1",
    "::ffff:192.168.1.1",
    "fc00::1",
    "fd12:3456:789a::1",
  ]],
  ["an unspecified", ["0.0.0.0", "0", "0x0", "00", "0.1.2.3", "::", "[::]"]],
  ["a carrier's private", ["100.64.0.1", "100.127.255.255", "0x64400001"]],
  ["a benchmarking", ["198.18.0.1", "198.19.255.255"]],
  ["a documentation", [
    "192.0.2.1",
    "198.51.100.7",
    "203.0.113.9",
    "2001:db8::1",
    "2001:0DB8:ffff::",
    "3fff:fff::1",
  ]],
  ["a relay's", ["192.88.99.1"]],
  ["a multicast", ["224.0.0.1", "239.255.255.255", "ff02::1"]],
  ["a reserved", [
    "192.0.0.8",
    "192.0.0.170",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "100::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "4000::1",
    "5f00::1",
    "1:2:3:4:5:6:7:8",
    "::ffff:0:8.8.8.8",
  ]],
  ["an IPv4-compatible", ["::8.8.8.8", "::127.0.0.1", "::7f00:1"]],
  ["a translated IPv4", [
    "64:ff9b::8.8.8.8",
    "64:ff9b::7f00:1",
    "0064:FF9B::127.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "64:ff9b:1:ffff:ffff:ffff:7f00:1",
  ]],
  ["a tunnelled IPv4", [
    "2002:7f00:1::",
    "2002:0808:0808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001::1",
  ]],
  ["a site-local", ["fec0::1", "feff::1"]],
  [null, [
    "8.8.8.8",
    "8.8.8.8.",
    "8.8.2056",
    "134744072",
    "0x08080808",
    "010.8.8.8",
    "９.９.９.９",
    "1.0.0.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "::ffff:808:808",
    "2000::1",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "[2606:4700:4700:0:0:0:0:1111]",
    "3fff:1000::1",
  ]],
  ["an unreadable", [
    "",
    "localhost",
    "example.org",
    "1.2.3.4.5",
    "256.1.1.1",
    "1.2.3.256",
    "1.2.65536",
    "4294967296",
    "08.8.8.8",
    "0xg",
    "-1",
    "1..2",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "::1.2.3.4.5",
    "127.0.0.1:80",
  ]],
];

for (const [verdict, addresses] of SPELLINGS) {
  for (const address of addresses) {
    Deno.test(`refuseAddress() calls ${JSON.stringify(address)} ${verdict ?? "public"}`, () => {
      assertEquals(refuseAddress(address), verdict);
    });
  }
}

Deno.test("parseAddress() reads the same four bytes from every spelling of IPv4", () => {
  fc.assert(fc.property(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }),
    fc.integer({ min: 1, max: 4 }),
    (bytes, bases, count) => {
      const numbers = Array.from(bytes.subarray(0, count - 1));
      numbers.push(
        bytes.subarray(count - 1).reduce((sum, byte) => sum * 256 + byte, 0),
      );
      const text = numbers.map((number, i) => spell(number, bases[i]!))
        .join(".");
      assertEquals(parseAddress(text), bytes);
      assertEquals(
        parseAddress(`::ffff:${Array.from(bytes).join(".")}`),
        bytes,
      );
    },
  ));
});

function spell(number: number, base: number): string {
  const prefix = base === 16 ? "0x" : base === 8 && number > 0 ? "0" : "";
  return prefix + number.toString(base);
}

Deno.test("parseAddress() reads what the URL parser makes of an address, as the URL parser reads it", () => {
  const part = fc.oneof(
    fc.nat(300).map(String),
    fc.nat(2 ** 33).map((number) => `0x${number.toString(16)}`),
    fc.nat(2 ** 12).map((number) => `0${number.toString(8)}`),
  );
  fc.assert(fc.property(
    fc.array(part, { minLength: 1, maxLength: 5 }),
    (parts) => {
      const url = URL.parse(`http://${parts.join(".")}/`);
      const bytes = parseAddress(parts.join("."));
      assertEquals(bytes?.join("."), url?.hostname);
    },
  ));
  fc.assert(fc.property(fc.ipV6(), (text) => {
    const url = URL.parse(`http://[${text}]/`);
    assertEquals(
      parseAddress(text)?.join(),
      url ? parseAddress(url.hostname)?.join() : undefined,
    );
  }));
});
