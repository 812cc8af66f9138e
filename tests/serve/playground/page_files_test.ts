import { assertEquals, assertMatch } from "@std/assert";
import { PAGE_FILES } from "../../../serve/playground/page_files.ts";
import { playgroundModule } from "../../../tools/embed_playground.ts";
import { Client } from "../client.ts";

Deno.test("PAGE_FILES holds the files of the folder: run deno task playground", async () => {
  const committed = await Deno.readTextFile(
    new URL("../../../serve/playground/page_files.ts", import.meta.url),
  );
  assertEquals(committed, await playgroundModule());
});

Deno.test("every file of PAGE_FILES is served under its name, the page at the root", async () => {
  const client = new Client({ playground: true });
  for (const [name, { type, text }] of Object.entries(PAGE_FILES)) {
    if (name === "index.html") continue;
    const response = await client.send(`/playground/${name}`);
    assertEquals([response.status, await response.text()], [200, text], name);
    assertEquals(response.headers.get("content-type"), type);
  }
  const page = await (await client.send("/")).text();
  assertMatch(page, /^<!DOCTYPE html>/);
  const linked = page.matchAll(/(?:href|src)="playground\/([^"]+)"/g);
  for (const [, name] of linked) assertEquals(name! in PAGE_FILES, true, name);
});
