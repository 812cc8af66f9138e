import { assertEquals, assertRejects } from "@std/assert";
import { openJournalFile } from "../../../../train/search/journal/open_journal_file.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("openJournalFile() makes a file that only its owner reads, appends, cuts and reads", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/study.journal`;
  {
    using file = await openJournalFile(path);
    assertEquals(file.path, path);
    assertEquals(await file.read(), bytes(""));
    await file.append(bytes("one\n"));
    await file.append(bytes("two"));
    assertEquals(await file.read(), bytes("one\ntwo"));
    await file.truncate(4);
    await file.append(bytes("three\n"));
  }
  assertEquals(await Deno.readTextFile(path), "one\nthree\n");
  if (Deno.build.os !== "windows") {
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  }
  using again = await openJournalFile(path);
  await again.append(bytes("four\n"));
  assertEquals(await again.read(), bytes("one\nthree\nfour\n"));
});

Deno.test("openJournalFile() fails as the medium does", async () => {
  await using folder = await temporaryFolder();
  await assertRejects(
    () => openJournalFile(`${folder.path}/none/study.journal`),
    Deno.errors.NotFound,
  );
});
