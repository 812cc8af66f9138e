import { assertEquals } from "@std/assert";
import { Registry } from "../../serve/registry.ts";
import { entry } from "./client.ts";

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
