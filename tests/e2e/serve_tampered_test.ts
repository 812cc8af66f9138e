/**
 * One byte of an artifact changed at a time: `inspect` refuses each, and a server goes on with the model it has.
 * `RECOTEM_FLIPS=2000` changes that many of header and payload; all bytes before them are changed in any case.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { inspectArtifact } from "../../artifact/inspect_artifact.ts";
import { readArtifact } from "../../artifact/read_artifact.ts";
import { RecotemError } from "../../core/errors.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { CAPS } from "../artifact/fixture.ts";
import { recotem } from "../cli/recotem.ts";
import { KEYS, shopArtifact, SIGNING_KEYS } from "../serve/shop.ts";
import { WatchedFolder } from "../serve/watched_folder.ts";
import { ServeProcess } from "./serve_process.ts";

const FLIPS = Number(Deno.env.get("RECOTEM_FLIPS") ?? 200);
/** Bytes before the header: 49 and the kid. */
const FIXED = 49 + "test".length;

const GOOD: Uint8Array = await shopArtifact({
  trainedAt: "2026-02-02T00:00:00Z",
});

/** Copies of the artifact with one byte changed. */
function* changed(): Generator<[at: number, bytes: Uint8Array]> {
  const random = createRandom(7);
  const places = Array.from({ length: FIXED }, (_, at) => at);
  for (let n = 0; n < FLIPS; n++) {
    places.push(FIXED + random.int(GOOD.length - FIXED));
  }
  for (const at of places) {
    const bytes = GOOD.slice();
    bytes[at]! ^= 1 << random.int(8);
    yield [at, bytes];
  }
}

async function exitCodeOf(reading: Promise<unknown>): Promise<number> {
  try {
    await reading;
    return 0;
  } catch (error) {
    if (error instanceof RecotemError) return error.exitCode;
    throw error;
  }
}

Deno.test(`every change of one byte of an artifact is refused with exit code 5, and the watcher keeps the old model (${FLIPS} beyond the fixed part)`, async () => {
  await using folder = await WatchedFolder.withShop();
  const store = createStore();
  const path = folder.artifact("shop");
  const options = { ...CAPS, keys: KEYS };
  for (const [at, bytes] of changed()) {
    await store.write(path, [bytes]);
    const codes = [
      await exitCodeOf(inspectArtifact(store, path, options)),
      await exitCodeOf(readArtifact(store, path, options)),
    ];
    assertEquals([at, ...codes], [at, 5, 5]);
    assertEquals(await folder.look(), ["artifact_load_failed"]);
    assertEquals(folder.trainedAt("shop"), "2026-01-01T00:00:00Z");
  }
  await store.write(path, [GOOD]);
  await folder.look();
  assertEquals(folder.trainedAt("shop"), "2026-02-02T00:00:00Z");
});

Deno.test("recotem inspect exits with 5, and a running server keeps its model, for a change in each part", async () => {
  const old = "2026-01-01T00:00:00Z";
  await using server = await ServeProcess.start({ trainedAt: old });
  const header = FIXED + 20;
  for (const at of [0, 8, 12, 14, 30, FIXED - 1, header, GOOD.length - 1]) {
    const bytes = GOOD.slice();
    bytes[at]! ^= 1;
    await server.publish(bytes);
    const { code, out } = await recotem(
      ["inspect", `${server.folder}/shop.recotem`],
      { env: { RECOTEM_SIGNING_KEYS: SIGNING_KEYS } },
    );
    assertEquals([at, code, out], [at, 5, ""]);
    await server.refused();
    assertEquals(await server.trainedAt(), old);
  }
});
