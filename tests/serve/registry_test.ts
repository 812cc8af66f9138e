import { assertEquals } from "@std/assert";
import { Registry } from "../../serve/registry.ts";
import { entry } from "./client.ts";
import { shopModel } from "./shop.ts";

Deno.test("Registry replaces entries as a whole, and lists them by name", () => {
  const registry = new Registry();
  const [a, b] = [entry({ name: "a" }), entry({ name: "b" })];
  registry.set(b);
  registry.set(a);
  assertEquals(registry.entries(), [a, b]);
  const newer = entry({ name: "b", error: "x" });
  registry.set(newer);
  assertEquals([registry.get("b"), registry.entries().length], [newer, 2]);
  registry.delete("a");
  assertEquals([registry.get("a"), registry.entries()], [undefined, [newer]]);
});

Deno.test("Registry.errorOf() puts the entry's trouble before the watcher's", () => {
  const registry = new Registry();
  const [sound, troubled] = [entry(), entry({ error: "own" })];
  assertEquals([sound, troubled].map((each) => registry.errorOf(each)), [
    null,
    "own",
  ]);
  registry.watcherUnhealthy = true;
  assertEquals([sound, troubled].map((each) => registry.errorOf(each)), [
    "watcher unhealthy",
    "own",
  ]);
});

Deno.test("Registry.isTooOld() tells a model apart that was trained longer ago than models may have been", () => {
  const model = shopModel({ trainedAt: "2026-05-04T00:00:00Z" });
  const now = () => new Date("2026-05-04T01:00:00Z");
  for (
    const [maxAgeSeconds, tooOld] of [[3600, false], [3599, true]] as const
  ) {
    const registry = new Registry({ maxAgeSeconds, now });
    assertEquals(registry.ageOf(model), 3600);
    assertEquals(registry.isTooOld(model), tooOld);
    const wrong = registry.errorOf(entry({ model }));
    assertEquals(wrong, tooOld ? "model too old" : null);
  }
  const registry = new Registry({ maxAgeSeconds: null, now });
  assertEquals(registry.isTooOld(model), false);
});
