import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseAddress } from "../../../core/storage/parse_address.ts";
import { refuseAddress } from "../../../core/storage/refuse_address.ts";
import { ADDRESS_SPELLINGS } from "./address_spellings.ts";

for (const [verdict, addresses] of ADDRESS_SPELLINGS) {
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
