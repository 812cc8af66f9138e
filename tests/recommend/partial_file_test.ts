import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { RecotemError } from "../../core/errors.ts";
import { PartialFile, partialPaths } from "../../recommend/partial_file.ts";

const WORK = { artifact: "ab", limit: 10 };
const encoder = new TextEncoder();

async function withFolder(
  run: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await run(`${folder}/answers.csv`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function names(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}

/** Appends blocks of one user each, up to `until`. */
async function work(file: PartialFile, until: number): Promise<void> {
  for (let n = file.progress.users; n < until; n++) {
    await file.append(encoder.encode(`block ${n}\n`), {
      ...{ users: n + 1, unknown: 0, rows: 2 * n, note: { n } },
    });
  }
}

function blocks(count: number): string {
  return Array.from({ length: count }, (_, n) => `block ${n}\n`).join("");
}

Deno.test("PartialFile puts the file under its name when it is complete, and leaves nothing else", () =>
  withFolder(async (path, folder) => {
    await Deno.writeTextFile(path, "of yesterday");
    using file = await PartialFile.open(path, WORK);
    await work(file, 3);
    assertEquals(await Deno.readTextFile(path), "of yesterday");
    assertEquals(file.notes, [{ n: 0 }, { n: 1 }, { n: 2 }]);
    assertEquals(file.progress, { users: 3, unknown: 0, rows: 4, bytes: 24 });
    await file.finish(encoder.encode("end"));
    assertEquals(await Deno.readTextFile(path), blocks(3) + "end");
    assertEquals(file.progress.bytes, 27);
    assertEquals(await names(folder), ["answers.csv"]);
  }));

Deno.test("PartialFile goes on where a kill left it, at any byte of both files", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 6 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 40 }),
      fc.uint8Array({ maxLength: 12 }),
      async (done, cutFile, cutJournal, garbage) => {
        await withFolder(async (path) => {
          const { partial, journal } = partialPaths(path);
          {
            using file = await PartialFile.open(path, WORK);
            await work(file, done);
            // As a kill leaves them: with parts of what came next, or without the last of what was written.
            if (done > 0) {
              await append(partial, garbage);
              await cut(partial, cutFile);
              await append(journal, garbage.filter((byte) => byte !== 10));
              await cut(journal, cutJournal);
            }
          }
          using file = await PartialFile.open(path, WORK);
          assert(file.progress.users <= done);
          assertEquals(file.notes.length, file.progress.users);
          await work(file, 6);
          await file.finish(new Uint8Array());
          assertEquals(await Deno.readTextFile(path), blocks(6));
        });
      },
    ),
    { numRuns: 60 },
  );
});

async function append(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.writeFile(path, bytes, { append: true });
}

async function cut(path: string, bytes: number): Promise<void> {
  const { size } = await Deno.stat(path);
  await Deno.truncate(path, Math.max(0, size - bytes));
}

Deno.test("PartialFile keeps what is finished when it ends before its time", () =>
  withFolder(async (path) => {
    {
      using file = await PartialFile.open(path, WORK);
      await work(file, 4);
    }
    using file = await PartialFile.open(path, WORK);
    assertEquals(file.progress, { users: 4, unknown: 0, rows: 6, bytes: 32 });
    assertEquals(file.notes, [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
  }));

Deno.test("PartialFile leaves nothing when nothing was finished", () =>
  withFolder(async (path, folder) => {
    {
      using _ = await PartialFile.open(path, WORK);
    }
    assertEquals(await names(folder), []);
  }));

Deno.test("PartialFile starts over for other work", () =>
  withFolder(async (path) => {
    {
      using file = await PartialFile.open(path, WORK);
      await work(file, 4);
    }
    using file = await PartialFile.open(path, { ...WORK, limit: 11 });
    assertEquals([file.progress.users, file.notes], [0, []]);
    await work(file, 1);
    await file.finish(new Uint8Array());
    assertEquals(await Deno.readTextFile(path), blocks(1));
  }));

Deno.test("PartialFile starts over when the file is gone, or is not what the journal tells of", () =>
  withFolder(async (path) => {
    for (const left of [null, "short"]) {
      {
        using file = await PartialFile.open(path, WORK);
        await work(file, 4);
      }
      const { partial } = partialPaths(path);
      if (left === null) await Deno.remove(partial);
      else await Deno.writeTextFile(partial, left);
      using file = await PartialFile.open(path, WORK);
      assertEquals(file.progress.bytes, 0);
      await work(file, 2);
      await file.finish(new Uint8Array());
      assertEquals(await Deno.readTextFile(path), blocks(2));
    }
  }));

Deno.test("PartialFile keeps a second writer away while the first one works", () =>
  withFolder(async (path) => {
    using file = await PartialFile.open(path, WORK);
    await work(file, 2);
    const error = await assertRejects(
      () => PartialFile.open(path, WORK),
      RecotemError,
      "Another process is writing",
    );
    assertEquals([error.code, error.exitCode], ["lock_contested", 6]);
    await work(file, 3);
    await file.finish(new Uint8Array());
    assertEquals(await Deno.readTextFile(path), blocks(3));
    using other = await PartialFile.open(path, WORK);
    assertEquals(other.progress.users, 0);
  }));

Deno.test("PartialFile tells at once where no file can be", () =>
  withFolder(async (path, folder) => {
    await Deno.mkdir(path);
    for (const place of [path, `${folder}/none/answers.csv`]) {
      const error = await assertRejects(
        () => PartialFile.open(place, WORK),
        RecotemError,
        "Cannot write",
      );
      assertEquals([error.code, error.exitCode], ["usage_error", 2]);
    }
    assertEquals(await names(folder), ["answers.csv"]);
  }));
