import { createHmac } from "node:crypto";
import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { decodeArtifact } from "../../artifact/decode_artifact.ts";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import type { NamedTensors, Tensor } from "../../core/models/model.ts";
import {
  assertRefused,
  CAPS,
  HEADER,
  headerJson,
  join,
  KEY,
  KEYS,
  sign,
  TENSORS,
} from "./fixture.ts";

Deno.test("encodeArtifact() writes the container, byte for byte", () => {
  const file = join(encodeArtifact(HEADER, TENSORS, KEYS));
  const view = new DataView(file.buffer);
  const ascii = (start: number, end: number) =>
    new TextDecoder().decode(file.subarray(start, end));
  assertEquals(ascii(0, 8), "RECOTEM\0");
  assertEquals(view.getUint16(8, true), 1);
  assertEquals(view.getUint16(10, true), 0);
  assertEquals(file[12], 6);
  assertEquals(ascii(13, 19), "test-1");
  const length = view.getUint32(51, true);
  const start = 55 + length;
  assertEquals(start % 64, 0);
  const mac = createHmac("sha256", KEY)
    .update("test-1").update(file.subarray(55)).digest("hex");
  assertEquals(file.subarray(19, 51).toHex(), mac);
  const text = ascii(55, start);
  assertEquals(
    text.trimEnd(),
    JSON.stringify({
      ...HEADER,
      payload_format: "recotem-tensors/1",
      payload_bytes: 200,
      tensors: {
        "users.bytes": { dtype: "u8", shape: [5], offset: 0 },
        "seen.indptr": { dtype: "u32", shape: [3], offset: 64 },
        "model.factors": { dtype: "f32", shape: [2, 3], offset: 128 },
        "table.price": { dtype: "f64", shape: [1], offset: 192 },
      },
    }),
  );
  assertEquals(file.length, start + 200);
  assertEquals([...file.subarray(start, start + 7)], [1, 2, 3, 4, 5, 0, 0]);
  assertEquals(view.getUint32(start + 68, true), 1);
  assertEquals(view.getFloat32(start + 132, true), -2);
  assertEquals(view.getFloat64(start + 192, true), Math.PI);
});

Deno.test("encodeArtifact() makes the same bytes of the same things", () => {
  assertEquals(
    encodeArtifact(HEADER, TENSORS, KEYS),
    encodeArtifact(HEADER, TENSORS, KEYS),
  );
});

Deno.test("encodeArtifact() makes what the layout's description makes", () => {
  assertEquals(join(encodeArtifact(HEADER, {}, KEYS)), sign(headerJson()));
});

Deno.test("encodeArtifact() copies no tensor", () => {
  const parts = encodeArtifact(HEADER, TENSORS, KEYS);
  for (const { data } of Object.values(TENSORS)) {
    assert(parts.some(({ buffer }) => buffer === data.buffer));
  }
});

Deno.test("encodeArtifact() and decodeArtifact() keep any tensors", () => {
  fc.assert(
    fc.property(anyTensors(), (tensors) => {
      const file = join(encodeArtifact(HEADER, tensors, KEYS));
      const artifact = decodeArtifact(file, { keys: KEYS, ...CAPS });
      assertEquals(Object.keys(artifact.tensors), Object.keys(tensors));
      for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
        const back = artifact.tensors[name]!;
        assertEquals(back.dtype, dtype);
        assertEquals(back.shape, shape);
        assertEquals(back.data, data);
        assertStrictEquals(back.data.buffer, file.buffer);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("encodeArtifact() and decodeArtifact() keep any header", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ unit: "binary" }),
        fc.jsonValue({ noUnicodeString: false }),
      ),
      fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (best_params, recipe_name, best_score) => {
        const header = { ...HEADER, best_params, recipe_name, best_score };
        const file = join(encodeArtifact(header, {}, KEYS));
        const back = decodeArtifact(file, { keys: KEYS, ...CAPS }).header;
        assertEquals(
          JSON.stringify({ ...back, tensors: undefined }),
          JSON.stringify({
            ...header,
            payload_format: "recotem-tensors/1",
            payload_bytes: 0,
          }),
        );
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("encodeArtifact() writes null for numbers that JSON cannot hold", () => {
  const header = {
    ...HEADER,
    best_score: NaN,
    best_params: { alpha: Infinity, list: [-Infinity, 1] },
  };
  const file = join(encodeArtifact(header, {}, KEYS));
  const back = decodeArtifact(file, { keys: KEYS, ...CAPS }).header;
  assertEquals(back.best_score, null);
  assertEquals(back.best_params, { alpha: null, list: [null, 1] });
});

Deno.test("encodeArtifact() signs with the active key, and every key verifies", () => {
  const old = KeyRing.parse(`old:${"12".repeat(32)}`);
  const rotated = KeyRing.parse(
    `new:${"34".repeat(32)},old:${"12".repeat(32)}`,
  );
  const before = join(encodeArtifact(HEADER, TENSORS, old));
  const after = join(encodeArtifact(HEADER, TENSORS, rotated));
  const options = { keys: rotated, ...CAPS };
  assertEquals(decodeArtifact(before, options).kid, "old");
  assertEquals(decodeArtifact(after, options).kid, "new");
  assertRefused(
    () => decodeArtifact(after, { keys: old, ...CAPS }),
    "hmac",
    "unknown kid 'new'",
  );
});

Deno.test("encodeArtifact() aligns the payload for kids of any length", () => {
  for (let length = 1; length <= 32; length++) {
    const kid = "k".repeat(length);
    const keys = KeyRing.parse(`${kid}:${"12".repeat(32)}`);
    const [head] = encodeArtifact(HEADER, TENSORS, keys);
    assertEquals(head!.length % 64, 0);
  }
});

Deno.test("encodeArtifact() takes the largest header that ends aligned within 65,536 bytes", () => {
  const encode = (text: string) =>
    encodeArtifact({ ...HEADER, best_params: { text } }, {}, KEYS)[0]!;
  const empty = new TextDecoder().decode(encode("").subarray(55)).trimEnd();
  // With this kid the header starts at byte 55; 55 + 65,481 is a multiple of 64.
  const room = 65_481 - empty.length;
  assertEquals(encode("x".repeat(room)).length, 65_536);
  assertRefused(
    () => encode("x".repeat(room + 1)),
    "header_json",
    "65536 are allowed",
  );
});

Deno.test("encodeArtifact() refuses a header that could not be read back", () => {
  for (
    const [changes, message] of [
      [{ recipe_name: "no blanks" }, "recipe_name"],
      [{ recipe_name: "newline\n" }, "recipe_name"],
      [{ trained_at: "2026-11-02T03:04:05.000Z" }, "trained_at"],
      [{ trained_at: "2026-13-02T03:04:05Z" }, "trained_at"],
      [{ sequence: -1 }, "sequence"],
      [{ sequence: 0.5 }, "sequence"],
      [{ cutoff: 1.5 }, "cutoff"],
      [{ model_kind: undefined }, "model_kind"],
      [{ tuning: { ...HEADER.tuning, n_trials: -1 } }, "tuning.n_trials"],
      [{ data_stats: null }, "data_stats"],
      [{ best_params: [] }, "best_params"],
    ] as const
  ) {
    assertRefused(
      () =>
        encodeArtifact(
          { ...HEADER, ...changes } as unknown as typeof HEADER,
          {},
          KEYS,
        ),
      "header_json",
      message,
    );
  }
});

Deno.test("encodeArtifact() refuses tensors that are not what they say", () => {
  const good: Tensor = { dtype: "u8", shape: [2], data: new Uint8Array(2) };
  const bad: readonly (readonly [string, Tensor])[] = [
    ["", good],
    ["1", good],
    ["a b", good],
    ["a\n", good],
    ["a".repeat(65), good],
    ["a", { ...good, dtype: "f32" }],
    ["a", { ...good, shape: [3] }],
    ["a", { ...good, shape: [-1, -2] }],
    ["a", { ...good, shape: [0.5, 4] }],
    ["a", { ...good, shape: [1, 1, 1, 1, 1, 1, 1, 1, 2] }],
    ["a", { ...good, shape: [NaN] }],
  ];
  for (const [name, tensor] of bad) {
    assertThrows(
      () => encodeArtifact(HEADER, { [name]: tensor }, KEYS),
      TypeError,
      "Tensor",
    );
  }
});

const ELEMENTS: Record<
  Tensor["dtype"],
  { from(values: Iterable<number>): Tensor["data"] }
> = {
  f16: Float16Array,
  f32: Float32Array,
  f64: Float64Array,
  i8: Int8Array,
  u32: Uint32Array,
  u8: Uint8Array,
};

/** Any few tensors, under names that JavaScript knows too. */
function anyTensors(): fc.Arbitrary<NamedTensors> {
  const name = fc.oneof(
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/),
    fc.constantFrom("constructor", "toString", "hasOwnProperty", "length"),
  );
  const extents = fc.array(fc.nat(4), { maxLength: 4 });
  const tensor = fc.tuple(
    fc.constantFrom(...Object.keys(ELEMENTS) as Tensor["dtype"][]),
    extents,
    fc.infiniteStream(fc.double()),
  ).map(([dtype, shape, numbers]): Tensor => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    return { dtype, shape, data: ELEMENTS[dtype].from(numbers.take(length)) };
  });
  return fc.dictionary(name, tensor, { maxKeys: 6, noNullPrototype: true });
}
