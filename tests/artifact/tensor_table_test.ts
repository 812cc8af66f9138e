/**
 * Tensor tables that lie, each in a file that is signed well: the attacks that the safetensors format is tested with,
 * and some more.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Artifact } from "../../artifact/artifact.ts";
import { decodeArtifact } from "../../artifact/decode_artifact.ts";
import type { TensorEntry } from "../../artifact/header.ts";
import { RecotemError } from "../../core/errors.ts";
import { assertRefused, CAPS, headerJson, KEYS, sign } from "./fixture.ts";

/** A file with this table over this many zeros. */
function file(
  tensors: unknown,
  bytes: number,
  payload_bytes: number = bytes,
): Uint8Array {
  return sign(headerJson({ payload_bytes, tensors }), new Uint8Array(bytes));
}

function decode(bytes: Uint8Array): Artifact {
  return decodeArtifact(bytes, { keys: KEYS, ...CAPS });
}

/** A row of the table. */
function u8(length: number, offset: number): TensorEntry {
  return { dtype: "u8", shape: [length], offset };
}

Deno.test("decodeArtifact() takes tensors one after the other, at multiples of 64", () => {
  const { tensors } = decode(
    file({ a: u8(3, 0), b: u8(64, 64), c: u8(1, 128) }, 129),
  );
  assertEquals(Object.keys(tensors), ["a", "b", "c"]);
});

Deno.test("decodeArtifact() takes tensors without elements, and without dimensions", () => {
  const scalar = { dtype: "f64", shape: [], offset: 0 };
  const { tensors } = decode(
    file({ none: u8(0, 0), scalar, last: u8(0, 64) }, 64),
  );
  assertEquals(tensors.none!.data.length, 0);
  assertEquals(tensors.scalar!.data.length, 1);
});

const TABLES: readonly (readonly [string, unknown, number, string])[] = [
  ["overlap", { a: u8(64, 0), b: u8(64, 0) }, 64, "at 0 and not at 64"],
  ["overlap in part", { a: u8(100, 0), b: u8(64, 64) }, 128, "not at 128"],
  ["leave a hole", { a: u8(1, 0), b: u8(1, 128) }, 129, "at 128 and not at 64"],
  ["start late", { a: u8(1, 64) }, 65, "at 64 and not at 0"],
  ["are not aligned", { a: u8(4, 0), b: u8(4, 4) }, 8, "at 4 and not at 64"],
  ["come in another order", { b: u8(1, 64), a: u8(1, 0) }, 65, "at 64"],
  ["end before the payload", { a: u8(3, 0) }, 4, "goes on after its last"],
  ["are none over some bytes", {}, 64, "goes on after its last"],
  ["end after the payload", { a: u8(5, 0) }, 4, "ends within its tensor a"],
  ["end after it with a later one", { a: u8(4, 0), b: u8(1, 64) }, 4, "ends"],
  [
    "have a wider dtype",
    { a: { dtype: "f64", shape: [4], offset: 0 } },
    4,
    "ends within",
  ],
  [
    "have extents whose product wraps 32 bits to 0",
    { a: { dtype: "u8", shape: [65536, 65536], offset: 0 } },
    0,
    "ends within",
  ],
  [
    "have extents whose product wraps 64 bits to 1",
    { a: { dtype: "u8", shape: [4294967297, 4294967296], offset: 0 } },
    1,
    "ends within",
  ],
  [
    "have the largest extents",
    { a: { dtype: "f64", shape: Array(8).fill(2 ** 53 - 1), offset: 0 } },
    8,
    "ends within",
  ],
];
for (const [what, table, bytes, message] of TABLES) {
  Deno.test(`decodeArtifact() refuses tensors that ${what}`, () => {
    assertRefused(() => decode(file(table, bytes)), "deserialize", message);
  });
}

const ROWS: readonly (readonly [string, unknown])[] = [
  ["a negative offset", u8(1, -1)],
  ["a negative extent", u8(-1, 0)],
  ["two negative extents", { dtype: "u8", shape: [-1, -1], offset: 0 }],
  ["a broken extent", u8(0.5, 0)],
  ["an extent that is null, as NaN is written", { ...u8(1, 0), shape: [null] }],
  ["an extent that is text", { ...u8(1, 0), shape: ["1"] }],
  ["an extent beyond exact numbers", u8(2 ** 53, 0)],
  ["an extent beyond all numbers", u8(1e300, 0)],
  ["a huge offset", u8(1, 2 ** 60)],
  ["an offset that is text", { ...u8(1, 0), offset: "0" }],
  ["no offset", { dtype: "u8", shape: [1] }],
  ["no shape", { dtype: "u8", offset: 0 }],
  ["a shape that is a number", { dtype: "u8", shape: 1, offset: 0 }],
  ["a shape that is an object", {
    dtype: "u8",
    shape: { length: 1 },
    offset: 0,
  }],
  ["nine dimensions", { ...u8(1, 0), shape: Array(9).fill(1) }],
  ["another dtype", { ...u8(1, 0), dtype: "object" }],
  ["a dtype that every object knows", { ...u8(1, 0), dtype: "constructor" }],
  ["a dtype that is a list", { ...u8(1, 0), dtype: ["u8"] }],
  ["a key more", { ...u8(1, 0), pickle: true }],
  ["no keys", {}],
  ["null in its place", null],
  ["a list in its place", [1]],
];
for (const [what, row] of ROWS) {
  Deno.test(`decodeArtifact() refuses a tensor with ${what}`, () => {
    assertRefused(
      () => decode(file({ a: row }, 1)),
      "deserialize",
      "malformed tensor a",
    );
  });
}

const NAMES = [
  "",
  "__proto__",
  "0",
  "1e3",
  "_a",
  ".",
  "../a",
  "a/b",
  "a b",
  "a\n",
  "a\0",
  "é",
  "a".repeat(65),
];
for (const name of NAMES) {
  Deno.test(`decodeArtifact() refuses the tensor name ${JSON.stringify(name)}`, () => {
    const table = Object.fromEntries([[name, u8(1, 0)]]);
    assertRefused(() => decode(file(table, 1)), "deserialize", "name is not");
  });
}

Deno.test("decodeArtifact() refuses a table that is a list", () => {
  const header = headerJson({ tensors: [] });
  assertRefused(() => decode(sign(header)), "header_json", "tensors");
});

Deno.test("decodeArtifact() refuses bytes between tensors that are not zero", () => {
  const table = { a: u8(3, 0), b: u8(3, 64) };
  for (let at = 3; at < 64; at++) {
    const payload = new Uint8Array(67);
    payload[at] = 1;
    const bytes = sign(
      headerJson({ payload_bytes: 67, tensors: table }),
      payload,
    );
    assertRefused(() => decode(bytes), "deserialize", "before its tensor b");
  }
});

Deno.test("decodeArtifact() refuses a payload of another length than the header says", () => {
  for (const payload_bytes of [0, 63, 65, 2 ** 40, 2 ** 53 - 1]) {
    assertRefused(
      () => decode(file({ a: u8(64, 0) }, 64, payload_bytes)),
      "deserialize",
      "64 bytes long where its header says",
    );
  }
});

Deno.test("decodeArtifact() refuses a payload that starts elsewhere than at a multiple of 64", () => {
  const bytes = sign(headerJson() + " ", undefined, { align: false });
  assertEquals(bytes.length % 64 === 0, false);
  assertRefused(() => decode(bytes), "deserialize", "multiple of 64");
});

Deno.test("decodeArtifact() takes or refuses any table, and never reads beyond the file", () => {
  const extent = fc.oneof(
    fc.nat(8),
    fc.constantFrom(0, 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -1),
  );
  const row = fc.record({
    dtype: fc.constantFrom("f16", "f32", "f64", "i8", "u32", "u8", "i64"),
    shape: fc.array(extent, { maxLength: 3 }),
    offset: fc.oneof(fc.constantFrom(0, 64, 128), fc.integer()),
  });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), row),
      fc.constantFrom(0, 8, 64, 72, 128),
      (table, length) => {
        const bytes = file(table, length);
        try {
          let end = bytes.length - length;
          for (const { data } of Object.values(decode(bytes).tensors)) {
            assertEquals(data.byteOffset >= end, true);
            end = data.byteOffset + data.byteLength;
          }
          assertEquals(end <= bytes.length, true);
        } catch (error) {
          if (!(error instanceof RecotemError)) throw error;
        }
      },
    ),
    { numRuns: 300 },
  );
});
