/**
 * A server under load while its artifact is replaced, by good ones and by corrupt ones. `RECOTEM_LOAD_SECONDS=60` makes
 * it ten good and three corrupt ones in a minute; the suite takes a sixth of that.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { shopArtifact, type ShopOptions } from "../serve/shop.ts";
import { ServeProcess, sleep } from "./serve_process.ts";

const SECONDS = Number(Deno.env.get("RECOTEM_LOAD_SECONDS") ?? 8);
const CONNECTIONS = 8;
/** Items besides those that are answered, so that a model is worth a measurement of memory: about 3 MB. */
const FILLER = 100_000;

/** Version `n` of the shop: its three best items have names and scores that no other version has. */
function version(
  n: number,
): Required<Pick<ShopOptions, "trainedAt" | "scores">> {
  const scores: Record<string, number> = {};
  for (let i = 0; i < FILLER; i++) scores[`f${String(i).padStart(6, "0")}`] = 0;
  for (const place of [3, 2, 1]) scores[`v${n}-${place}`] = 10 * n + place;
  return {
    trainedAt: `2026-01-01T00:00:${String(n).padStart(2, "0")}Z`,
    scores: Object.fromEntries(Object.entries(scores).sort()),
  };
}

Deno.test(`serve answers 200 from one model each while the artifact is replaced, for ${SECONDS} s`, async () => {
  const good = Math.max(3, Math.round(SECONDS / 6));
  const corrupt = Math.max(1, Math.round(SECONDS / 20));
  const artifacts = await Promise.all(
    Array.from({ length: good + 1 }, (_, n) => shopArtifact(version(n + 1))),
  );
  await using server = await ServeProcess.start(version(1));
  const seen = new Map<string, number>();
  let asked = 0;
  let running = true;
  async function ask(): Promise<void> {
    while (running) {
      const response = await server.predict("ann");
      const body = await response.json();
      asked++;
      assertEquals(response.status, 200, JSON.stringify(body));
      const { items, model } = body;
      const n = Number(model.trained_at.slice(17, 19));
      assertEquals(
        items.map((item: { item_id: string }) => item.item_id),
        [3, 2, 1].map((place) => `v${n}-${place}`),
      );
      assertEquals(items[0].score, 10 * n + 3);
      seen.set(model.trained_at, (seen.get(model.trained_at) ?? 0) + 1);
    }
  }
  const load = Promise.all(Array.from({ length: CONNECTIONS }, ask));
  await sleep(1000);
  const before = await server.memory();
  const broken = artifacts[0]!.slice();
  broken[broken.length - 9]! ^= 4;
  const replacements = artifacts.slice(1);
  for (let n = 1; n <= corrupt; n++) {
    // Between the good ones, from the back, so that earlier places stay as they are.
    replacements.splice(
      Math.floor((corrupt - n + 1) * good / (corrupt + 1)),
      0,
      broken,
    );
  }
  for (const bytes of replacements) {
    await server.publish(bytes);
    await Promise.race([load, sleep(1000 * SECONDS / replacements.length)]);
  }
  while (await server.trainedAt() !== version(good + 1).trainedAt) {
    await server.publish(artifacts[good]!);
    await sleep(1500);
  }
  const after = await server.memory();
  running = false;
  await load;
  assertEquals(seen.size, good + 1);
  assert(asked > 100 * SECONDS, `${asked} requests`);
  // A second model is loaded beside the first; what more there is would be a leak.
  const growth = after - before;
  assert(growth < 60e6, `${growth} bytes more`);
  if (Deno.env.has("RECOTEM_LOAD_SECONDS")) {
    const line = `${asked} requests, ${good} swaps, ${corrupt} corrupt, ` +
      `${(before / 1e6).toFixed(0)} MB before, ${
        (after / 1e6).toFixed(0)
      } MB after\n`;
    Deno.stdout.writeSync(new TextEncoder().encode(line));
  }
});
