import { assertEquals, assertRejects } from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { inspectArtifact } from "../../artifact/inspect_artifact.ts";
import { RecotemError } from "../../core/errors.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { CAPS, HEADER, join, KEYS, sign, TENSORS } from "./fixture.ts";

const OPTIONS = { keys: KEYS, ...CAPS } as const;

async function inspect(
  bytes: Uint8Array,
): ReturnType<typeof inspectArtifact> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/a.1.recotem`, bytes);
    await Deno.writeTextFile(`${folder}/a`, "a.1.recotem\n");
    return await inspectArtifact(createStore(), `${folder}/a`, OPTIONS);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("inspectArtifact() gives kid and header of what a pointer names", async () => {
  const { kid, header } = await inspect(
    join(encodeArtifact(HEADER, TENSORS, KEYS)),
  );
  assertEquals(kid, "test-1");
  assertEquals(Object.keys(header), [
    ...Object.keys(HEADER),
    "payload_format",
    "payload_bytes",
    "tensors",
  ]);
  assertEquals(header.tuning, HEADER.tuning);
});

Deno.test("inspectArtifact() gives the header of a pickled model, unread", async () => {
  const pickle = Uint8Array.of(0x80, 5, 0x4e, 0x2e);
  const file = sign('{"recipe_name": "shop", "best_score": 1e-05}', pickle, {
    align: false,
  });
  assertEquals((await inspect(file)).header, {
    recipe_name: "shop",
    best_score: 1e-5,
  });
});

Deno.test("inspectArtifact() says nothing of a file that was changed", async () => {
  const file = join(encodeArtifact(HEADER, TENSORS, KEYS));
  file[file.length - 1]! ^= 1;
  const error = await assertRejects(() => inspect(file), RecotemError);
  assertEquals(error.details.reason, "hmac");
});

Deno.test("inspectArtifact() refuses a header that is not JSON", async () => {
  const error = await assertRejects(
    () => inspect(sign('{"best_score": NaN}'.padEnd(600))),
    RecotemError,
  );
  assertEquals(error.details.reason, "header_json");
});
