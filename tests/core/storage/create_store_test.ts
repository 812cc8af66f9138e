import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createStore } from "../../../core/storage/create_store.ts";
import { FileStore } from "../../../core/storage/file_store.ts";
import { openStore } from "../../../core/storage/open_store.ts";
import { testStore } from "./store_contract.ts";

testStore("createStore()", async (run) => {
  const folder = await Deno.makeTempDir();
  try {
    await run({ store: createStore(), root: folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("createStore() rejects schemes that no store answers to", async () => {
  const store = createStore();
  const refused = [Deno.errors.NotSupported, "a path or file://"] as const;
  for (const uri of ["ftp://host/a", "s3://bucket/a", "data:,a", "C:\\a"]) {
    await assertRejects(() => store.read(uri), ...refused);
    await assertRejects(() => store.write(uri, []), ...refused);
    await assertRejects(() => store.stat(uri), ...refused);
    await assertRejects(() => Array.fromAsync(store.list(uri)), ...refused);
    await assertRejects(() => store.remove(uri), ...refused);
  }
});

Deno.test("openStore() picks the store by scheme, in any case", () => {
  const stores = [new FileStore()];
  for (const uri of ["a", "/a", "./a:b", "file:///a", "FILE:///a", ""]) {
    assertEquals(openStore(uri, stores), stores[0]);
  }
});

Deno.test("openStore() does not repeat the URI", () => {
  const error = assertThrows(
    () => openStore("ftp://me:secret@host/a", [new FileStore()]),
    Deno.errors.NotSupported,
    '"ftp"',
  );
  assertEquals(error.message.includes("secret"), false);
});
