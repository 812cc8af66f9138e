import {
  assertEquals,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { createHash } from "node:crypto";
import { decodeArtifact } from "../../artifact/decode_artifact.ts";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import type { Artifact } from "../../artifact/artifact.ts";
import {
  assertRefused,
  CAPS,
  HEADER,
  headerJson,
  join,
  KEYS,
  sign,
  TENSORS,
} from "./fixture.ts";
import { recordEvents } from "./record_events.ts";

const FILE: Uint8Array = join(encodeArtifact(HEADER, TENSORS, KEYS));
/** Kid `test-1`: where the header starts. */
const HEADER_START = 55;
const PAYLOAD_START = FILE.length - 200;

function decode(file: Uint8Array): Artifact {
  return decodeArtifact(file, { keys: KEYS, ...CAPS });
}

/** Turns bits of one byte over while `run` looks. */
function withFlipped(index: number, bits: number, run: () => void): void {
  FILE[index]! ^= bits;
  try {
    run();
  } finally {
    FILE[index]! ^= bits;
  }
}

Deno.test("decodeArtifact() gives header, kid, digest and views", () => {
  const { header, kid, digest, tensors } = decode(FILE);
  assertEquals(header.recipe_name, "shop");
  assertEquals(header.payload_bytes, 200);
  assertEquals(kid, "test-1");
  assertEquals(digest, createHash("sha256").update(FILE).digest("hex"));
  assertEquals({ ...tensors }, TENSORS);
  assertStrictEquals(tensors["model.factors"]!.data.buffer, FILE.buffer);
  assertEquals(tensors["toString"], undefined);
});

Deno.test("decodeArtifact() views shared and WebAssembly memory", () => {
  const pages = { initial: 2, maximum: 4 };
  for (
    const buffer of [
      new SharedArrayBuffer(2 ** 16),
      new WebAssembly.Memory(pages).buffer,
      new WebAssembly.Memory({ ...pages, shared: true }).buffer,
    ]
  ) {
    const bytes = new Uint8Array(buffer, 1024, FILE.length);
    bytes.set(FILE);
    const { tensors } = decode(bytes);
    assertEquals({ ...tensors }, TENSORS);
    assertStrictEquals(tensors["table.price"]!.data.buffer, buffer);
    bytes[FILE.length - 1]! ^= 1;
    assertRefused(() => decode(bytes), "hmac");
  }
});

Deno.test("decodeArtifact() refuses bytes that cannot be viewed", () => {
  const bytes = new Uint8Array(new ArrayBuffer(FILE.length + 4), 4);
  bytes.set(FILE);
  assertThrows(() => decode(bytes), RangeError, "multiple of 8");
});

Deno.test("decodeArtifact() refuses every change of a byte before the payload, mostly unread", () => {
  function expected(index: number): string | RegExp {
    if (index < 12) return "parse";
    // A kid may be no UTF-8 or not be known; its length may lead anywhere.
    if (index < 19) return /^(parse|hmac)$/;
    if (index < 51 || index >= HEADER_START) return "hmac";
    // The header's length: too long, or a moved boundary, which the MAC cannot tell.
    return /^(parse|header_json|deserialize)$/;
  }
  for (let index = 0; index < PAYLOAD_START; index++) {
    for (const bits of [1, 0x80, 0xff]) {
      withFlipped(index, bits, () => {
        assertRefusedAs(FILE, expected(index));
      });
    }
  }
});

Deno.test("decodeArtifact() refuses every change of a byte of the payload, unread", () => {
  for (let index = PAYLOAD_START; index < FILE.length; index++) {
    withFlipped(index, 1 + index % 255, () => assertRefusedAs(FILE, "hmac"));
  }
});

Deno.test("decodeArtifact() refuses 2,000 changes of a byte in a larger file, unread", () => {
  const data = new Uint32Array(5000).map((_, index) => index * 97);
  const best_params = { text: "text ".repeat(2000) };
  const file = join(
    encodeArtifact(
      { ...HEADER, best_params },
      { a: { dtype: "u32", shape: [data.length], data } },
      KEYS,
    ),
  );
  let random = 1;
  for (let change = 0; change < 2000; change++) {
    random = random * 48_271 % 2_147_483_647;
    const index = HEADER_START + random % (file.length - HEADER_START);
    const bits = 1 + random % 255;
    file[index]! ^= bits;
    assertRefusedAs(file, "hmac");
    file[index]! ^= bits;
  }
  decode(file);
});

Deno.test("decodeArtifact() refuses a file cut short at any byte", () => {
  for (let length = 0; length < FILE.length; length++) {
    assertRefusedAs(
      FILE.slice(0, length),
      length < PAYLOAD_START ? "parse" : "hmac",
    );
  }
});

Deno.test("decodeArtifact() refuses a file that goes on", () => {
  for (const more of [1, 8, 64, 5000]) {
    assertRefusedAs(join([FILE, new Uint8Array(more)]), "hmac");
  }
});

Deno.test("decodeArtifact() refuses moved boundaries between header and payload", () => {
  // The MAC covers kid, header and payload as one run of bytes; where each ends is not in it.
  const length = new DataView(FILE.buffer).getUint32(51, true);
  for (let to = 0; to <= length + 200; to++) {
    const file = FILE.slice();
    new DataView(file.buffer).setUint32(51, to, true);
    if (to !== length) assertRefusedAs(file, /^(header_json|deserialize)$/);
  }
});

Deno.test("decodeArtifact() refuses a moved boundary between kid and header", () => {
  const file = join([
    FILE.subarray(0, 12),
    Uint8Array.of(7),
    FILE.subarray(13, 19),
    FILE.subarray(HEADER_START, HEADER_START + 1),
    FILE.subarray(19, HEADER_START),
    FILE.subarray(HEADER_START + 1),
  ]);
  assertRefused(() => decode(file), "hmac", "unknown kid 'test-1\\x7b'");
});

Deno.test("decodeArtifact() refuses a boundary moved into the header's blanks", () => {
  // The largest gap that a writer leaves is 63 blanks; here there are 128, so that an aligned boundary lies in them.
  const blanks = " ".repeat(128);
  const file = sign(headerJson() + blanks);
  decode(file);
  const view = new DataView(file.buffer);
  for (let by = 1; by <= 128; by++) {
    const moved = file.slice();
    new DataView(moved.buffer).setUint32(
      51,
      view.getUint32(51, true) - by,
      true,
    );
    assertRefusedAs(moved, "deserialize");
  }
});

const PREFIXES: readonly (readonly [string, number, number, string])[] = [
  ["another magic", 0, 0x72, "RECOTEM"],
  ["version 0", 8, 0, "version 0"],
  ["version 2", 8, 2, "version 2"],
  ["version 256", 9, 1, "version 257"],
  ["reserved bytes", 10, 1, "reserved"],
  ["reserved bytes", 11, 1, "reserved"],
  ["no kid", 12, 0, "kid of 0 bytes"],
  ["a kid of 33 bytes", 12, 33, "kid of 33 bytes"],
  ["a kid of 255 bytes", 12, 255, "kid of 255 bytes"],
  ["a kid that is not UTF-8", 13, 0xff, "not UTF-8"],
  ["a huge header", 54, 0xff, "65536 are allowed"],
  ["a header of 65,537 bytes and more", 53, 1, "65536 are allowed"],
];
for (const [what, index, value, message] of PREFIXES) {
  Deno.test(`decodeArtifact() refuses ${what} (byte ${index})`, () => {
    const file = FILE.slice();
    file[index] = value;
    assertRefused(() => decode(file), "parse", message);
  });
}

Deno.test("decodeArtifact() refuses files above the caps, and takes those at them", () => {
  const caps = { maxArtifactBytes: FILE.length, maxPayloadBytes: 200 };
  decodeArtifact(FILE, { keys: KEYS, ...caps });
  assertRefused(
    () =>
      decodeArtifact(FILE, {
        keys: KEYS,
        ...caps,
        maxArtifactBytes: FILE.length - 1,
      }),
    "parse",
    "RECOTEM_MAX_ARTIFACT_BYTES",
  );
  assertRefused(
    () => decodeArtifact(FILE, { keys: KEYS, ...caps, maxPayloadBytes: 199 }),
    "parse",
    "RECOTEM_MAX_PAYLOAD_BYTES",
  );
});

Deno.test("decodeArtifact() tells of an unknown kid, escaped", () => {
  const file = sign(headerJson(), undefined, { kid: "\x1b[31m红" });
  const { events, recorded } = recordEvents();
  assertRefused(
    () => decodeArtifact(file, { keys: KEYS, ...CAPS, events }),
    "hmac",
    "'\\x1b\\x5b31m\\x7ea2'",
  );
  assertEquals(recorded, [{
    level: "warn",
    event: "artifact_kid_unknown",
    fields: { kid: "\\x1b\\x5b31m\\x7ea2" },
  }]);
});

Deno.test("decodeArtifact() tells of a MAC that does not match", () => {
  const { events, recorded } = recordEvents();
  const keys = KeyRing.parse(`test-1:${"00".repeat(32)}`);
  assertRefused(
    () => decodeArtifact(FILE, { keys, ...CAPS, events }),
    "hmac",
    "test-1",
  );
  assertEquals(recorded, [{
    level: "warn",
    event: "artifact_hmac_mismatch",
    fields: { kid: "test-1" },
  }]);
});

Deno.test("decodeArtifact() without keys takes a wrong MAC, and shows the kid escaped", () => {
  const file = sign(headerJson(), undefined, { kid: "a b" });
  file[20]! ^= 1;
  const artifact = decodeArtifact(file, { keys: null, ...CAPS });
  assertEquals(artifact.kid, "a\\x20b");
});

Deno.test("decodeArtifact() without keys still checks everything else", () => {
  const file = FILE.slice(0, FILE.length - 8);
  assertRefused(
    () => decodeArtifact(file, { keys: null, ...CAPS }),
    "deserialize",
  );
});

Deno.test("decodeArtifact() refuses the artifact of another recipe", () => {
  const options = { keys: KEYS, ...CAPS };
  decodeArtifact(FILE, { ...options, recipeName: "shop" });
  assertRefused(
    () => decodeArtifact(FILE, { ...options, recipeName: "books" }),
    "header_json",
    "recipe shop and not to books",
  );
});

Deno.test("decodeArtifact() tells the digests of different files apart", () => {
  const other = join(encodeArtifact({ ...HEADER, cutoff: 21 }, TENSORS, KEYS));
  assertNotEquals(decode(FILE).digest, decode(other).digest);
});

const HEADERS: readonly (readonly [string, string | Uint8Array, string])[] = [
  ["no JSON", "{", "not JSON"],
  ["nothing", "", "not JSON"],
  ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "not JSON"],
  ["a byte order mark", "\ufeff" + headerJson(), "not JSON"],
  ["a list", "[]", "not a JSON object"],
  ["null", "null", "not a JSON object"],
  ["a text", '"RECOTEM"', "not a JSON object"],
  ["NaN", headerJson().replace("0.25", "NaN"), "not JSON"],
  ["Infinity", headerJson().replace("0.25", "-Infinity"), "not JSON"],
  [
    "a key twice",
    headerJson().replace("{", '{"recipe_name":"other",'),
    "has a key twice",
  ],
  [
    "a key twice, deep",
    headerJson().replace('"tuning":{', '"tuning":{"n_trials":1,'),
    "has a key twice",
  ],
  [
    "a tensor twice",
    headerJson({ tensors: {} }).replace(
      '"tensors":{}',
      '"tensors":{"a":{"dtype":"u8","shape":[0],"offset":0},"a":{"dtype":"u8","shape":[0],"offset":0}}',
    ),
    "has a key twice",
  ],
  ["blanks before it", " " + headerJson(), "not spelled"],
  ["a newline after it", headerJson() + "\n", "not spelled"],
  ["a zero after it", headerJson() + "\0", "not JSON"],
  ["more after it", headerJson() + "{}", "not JSON"],
  [
    "an escape that needs none",
    headerJson().replace("shop", "sh\\u006fp"),
    "not spelled",
  ],
  [
    "-0",
    headerJson().replace('"payload_bytes":0', '"payload_bytes":-0'),
    "not spelled",
  ],
  ["1e0", headerJson().replace('"cutoff":20', '"cutoff":2e1'), "not spelled"],
];
for (const [what, header, message] of HEADERS) {
  Deno.test(`decodeArtifact() refuses a signed header that is ${what}`, () => {
    assertRefused(() => decode(sign(header)), "header_json", message);
  });
}

Deno.test("decodeArtifact() refuses signed headers without a key or with another type in it", () => {
  const fields = JSON.parse(headerJson());
  for (const key of Object.keys(fields)) {
    for (const value of [undefined, null, 1.5, [], "", true]) {
      if (key === "best_score" && (value === null || value === 1.5)) continue;
      // Texts without a rule may be empty.
      if (
        value === "" && typeof fields[key] === "string" &&
        !/name|trained_at|format/.test(key)
      ) continue;
      const reason = key === "payload_format" ? "deserialize" : "header_json";
      assertRefused(() => decode(sign(headerJson({ [key]: value }))), reason);
    }
  }
});

const MEASURED: Readonly<Record<string, unknown>> = {
  best_score_interval: [0.2, 0.3],
  metrics: {
    ndcg: 0.25,
    map: 0.1,
    recall: 0.3,
    hit: 0.5,
    users: 40,
    coverage: 0.7,
    novelty: 6.5,
    gini: 0.8,
    popularity_score: 0.05,
  },
  test_score: 0.24,
  split: {
    scheme: "random",
    heldout_ratio: 0.1,
    test_user_ratio: 1,
    test_ratio: 0.2,
  },
};

Deno.test("decodeArtifact() takes what was measured beside the score, and refuses what is no measurement", () => {
  const header = decode(sign(headerJson(MEASURED))).header;
  assertEquals({ ...header, ...MEASURED }, header);
  for (
    const wrong of [
      { best_score_interval: [0.2] },
      { best_score_interval: [0.2, "0.3"] },
      { metrics: { ndcg: 0.25 } },
      { test_metrics: 0.25 },
      { test_score: "high" },
      { split: { scheme: "random" } },
    ]
  ) {
    assertRefused(
      () => decode(sign(headerJson({ ...MEASURED, ...wrong }))),
      "header_json",
      Object.keys(wrong)[0]!,
    );
  }
});

Deno.test("decodeArtifact() takes keys of a later version", () => {
  const file = sign(headerJson({ sequence: 7, __proto__: null }));
  assertEquals(Object.hasOwn(decode(file).header, "sequence"), true);
});

Deno.test("decodeArtifact() takes a key called __proto__ for a key", () => {
  const json = headerJson().replace(
    '"best_params":{',
    '"best_params":{"__proto__":{"polluted":true},',
  );
  const { header } = decode(sign(json));
  assertEquals(Object.hasOwn(header.best_params, "__proto__"), true);
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("decodeArtifact() takes parameters of 30,000 levels", () => {
  const deep = "[".repeat(30_000) + "]".repeat(30_000);
  const json = headerJson().replace(
    '"best_params":{',
    `"best_params":{"deep":${deep},`,
  );
  decode(sign(json));
});

Deno.test("decodeArtifact() refuses a pickled model and says what to do", () => {
  const header = JSON.stringify({
    recipe_name: "shop",
    recotem_version: "2.0.0",
    irspack_version: "0.4.2",
    best_score: 1e-7,
  });
  const pickle = Uint8Array.of(0x80, 5, 0x4e, 0x2e);
  const message = assertRefused(
    () => decode(sign(header, pickle, { align: false })),
    "deserialize",
    "pickled",
  );
  assertEquals(message.indexOf("train the recipe again") < 200, true);
});

Deno.test("decodeArtifact() refuses a payload of a later version", () => {
  const header = headerJson({ payload_format: "recotem-tensors/2" });
  assertRefused(() => decode(sign(header)), "deserialize", "update");
});

/** Why a file is refused; fails when it is taken. */
function reasonOf(file: Uint8Array): string {
  try {
    decode(file);
  } catch (error) {
    const { details } = error as { details?: { reason?: string } };
    return details?.reason ?? String(error);
  }
  return "taken";
}

function assertRefusedAs(file: Uint8Array, reason: string | RegExp): void {
  const actual = reasonOf(file);
  const fits = typeof reason === "string"
    ? actual === reason
    : reason.test(actual);
  if (!fits) assertEquals(actual, String(reason));
}
