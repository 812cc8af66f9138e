/**
 * A server under load while its artifact is replaced, by good ones and by corrupt ones. `RECOTEM_LOAD_SECONDS=60` makes
 * it ten good and three corrupt ones in a minute, and prints figures.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { shopArtifact, type ShopOptions } from "../serve/shop.ts";
import { ServeProcess, sleep } from "./serve_process.ts";

const SECONDS = Number(Deno.env.get("RECOTEM_LOAD_SECONDS") ?? 8);
const CONNECTIONS = 8;
/** Items besides those that are answered. */
const FILLER = 20_000;
/** What is known of each item, so much that memory tells of a model that was not given back: an artifact has 20 MB. */
const ABOUT = "about this item ".repeat(64);
/** A second model, loaded beside the first, and what the runtime has not collected yet. */
const MOST_GROWTH = 75e6;

/** Version `n` of the shop: its three best items have names and scores that no other version has. */
function version(n: number): ShopOptions & { readonly trainedAt: string } {
  const scores: Record<string, number> = {};
  for (let i = 0; i < FILLER; i++) scores[`f${String(i).padStart(5, "0")}`] = 0;
  for (const place of [1, 2, 3]) scores[`v${n}-${place}`] = 10 * n + place;
  const values = new Array(FILLER + 3).fill(ABOUT);
  return {
    trainedAt: `2026-01-01T00:00:${String(n).padStart(2, "0")}Z`,
    scores,
    fields: [{ name: "about", type: "text", values }],
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

Deno.test(`serve answers 200 from one model each while the artifact is replaced, for ${SECONDS} s`, async () => {
  const good = Math.max(4, Math.round(SECONDS / 6));
  const corrupt = Math.max(1, Math.round(SECONDS / 20));
  const artifacts = await Promise.all(
    Array.from({ length: good + 1 }, (_, n) => shopArtifact(version(n + 1))),
  );
  await using server = await ServeProcess.start(version(1));
  const seen = new Set<string>();
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
        items,
        [3, 2, 1].map((place) => ({
          item_id: `v${n}-${place}`,
          score: 10 * n + place,
          about: ABOUT,
        })),
      );
      seen.add(model.trained_at);
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
    const versions = seen.size;
    const next = sleep(1000 * SECONDS / replacements.length);
    await server.publish(bytes);
    const noticed = bytes === broken
      ? server.refused()
      : until(() => seen.size > versions);
    await Promise.race([load, Promise.all([noticed, next])]);
  }
  const after = await server.memory();
  running = false;
  await load;
  assertEquals(seen.size, good + 1);
  const growth = after - before;
  assert(growth < MOST_GROWTH, `${growth} bytes more`);
  if (Deno.env.has("RECOTEM_LOAD_SECONDS")) {
    const line = `${asked} requests, ${good} swaps, ${corrupt} corrupt, ` +
      `${(before / 1e6).toFixed(0)} MB before, ${
        (after / 1e6).toFixed(0)
      } MB after\n`;
    Deno.stdout.writeSync(new TextEncoder().encode(line));
  }
});
