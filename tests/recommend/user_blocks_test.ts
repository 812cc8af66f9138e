import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { RecotemError } from "../../core/errors.ts";
import { IdMap } from "../../core/models/id_map.ts";
import { createStore } from "../../core/storage/create_store.ts";
import type { Store } from "../../core/storage/store.ts";
import {
  type UserBlock,
  userBlocks,
  type UserBlocksOptions,
} from "../../recommend/user_blocks.ts";

const KNOWN: IdMap = IdMap.from(["ann", "bob", "zoë", "a,b"]).map;

/** A store whose every file holds these bytes, in chunks of so many. */
function holding(bytes: Uint8Array, chunk = 3): Store {
  return {
    ...createStore(),
    read: () =>
      Promise.resolve(ReadableStream.from((function* () {
        for (let at = 0; at < bytes.length; at += chunk) {
          yield bytes.slice(at, at + chunk);
        }
      })())),
  };
}

async function blocks(
  text: string | Uint8Array | null,
  column: string | null = null,
  options: Partial<UserBlocksOptions> = {},
): Promise<UserBlock[]> {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text ?? new Uint8Array();
  return await Array.fromAsync(
    userBlocks(text === null ? null : { uri: "users.txt", column }, {
      ...{ store: holding(bytes), known: KNOWN, skip: 0, size: 100 },
      ...options,
    }),
  );
}

async function ids(
  text: string,
  column: string | null = null,
): Promise<string[]> {
  return (await blocks(text, column)).flatMap(({ ids }) => [...ids]);
}

Deno.test("userBlocks() reads one id a line, as it stands and as often, and passes over blank lines", async () => {
  assertEquals(
    await ids('\ufeffbob\r\n\n 007 \nzoë\n\r\nbob\na,b\n"q"'),
    ["bob", " 007 ", "zoë", "bob", "a,b", '"q"'],
  );
  assertEquals(await ids(""), []);
  assertEquals(await ids("\n\n"), []);
});

Deno.test("userBlocks() looks every id up", async () => {
  const [block] = await blocks("zoë\nnobody\nann\n");
  assertEquals(
    block!.indices,
    Int32Array.of(
      KNOWN.indexOf("zoë"),
      -1,
      KNOWN.indexOf("ann"),
    ),
  );
});

Deno.test("userBlocks() reads a column of a CSV file", async () => {
  const text =
    'n,"user\nid",x\r\n1,bob,\n2,"a,b",9\n3,"say ""hi""\nzoë"\n4,\n5\n';
  assertEquals(await ids(text, "user\nid"), ["bob", "a,b", 'say "hi"\nzoë']);
});

Deno.test("userBlocks() gives all that the model knows, in order", async () => {
  const all = await blocks(null, null, { size: 3 });
  assertEquals(all.map(({ ids }) => ids), [["a,b", "ann", "bob"], ["zoë"]]);
  assertEquals(all.map(({ indices }) => [...indices]), [[0, 1, 2], [3]]);
});

Deno.test("userBlocks() cuts into blocks and passes over the first, whatever the chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("ann", "bob", "zoë", "nobody", "")),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (lines, size, skip, chunk, ends) => {
        const bytes = new TextEncoder().encode(
          lines.join("\n") + (ends ? "\n" : ""),
        );
        const found = await blocks(bytes, null, {
          ...{ size, skip, store: holding(bytes, chunk) },
        });
        const wanted = lines.filter((line) => line !== "").slice(skip);
        assertEquals(found.flatMap(({ ids }) => [...ids]), wanted);
        assertEquals(
          found.map(({ ids }) => ids.length),
          Array.from(
            { length: Math.ceil(wanted.length / size) },
            (_, n) => Math.min(size, wanted.length - n * size),
          ),
        );
      },
    ),
    { numRuns: 60 },
  );
});

for (
  const [what, text, column, says] of [
    ["a column that is not there", "id,name\n1,bob\n", "user", '"id", "name"'],
    ["a column of an empty file", "", "user", "is empty"],
    ["a quote that never ends", 'user\n"bob\n', "user", "Cannot read"],
    [
      "bytes that are no UTF-8",
      Uint8Array.of(97, 0xff, 10),
      null,
      "Cannot read",
    ],
  ] as const
) {
  Deno.test(`userBlocks() refuses ${what}`, async () => {
    const error = await assertRejects(
      () => blocks(text, column),
      RecotemError,
      says,
    );
    assertEquals([error.code, error.exitCode], ["datasource_error", 3]);
  });
}

Deno.test("userBlocks() tells of a file that is not there", async () => {
  const error = await assertRejects(
    () => blocks("", null, { store: createStore() }),
    RecotemError,
    "there is no such file",
  );
  assertEquals(error.exitCode, 3);
});
