/**
 * What every {@linkcode Store} must do. A new store joins by calling {@linkcode testStore} from its own test file.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import fc from "fast-check";
import { RecotemError } from "../../../core/errors.ts";
import type {
  Store,
  StoredEntry,
  Version,
} from "../../../core/storage/store.ts";

/** A store and an empty place in it. */
export interface StorePlace {
  readonly store: Store;
  /** URI of the place, without a slash at its end. */
  readonly root: string;
  /** Number of things that the medium holds there, what is not listed included; absent where it cannot be told. */
  countAll?(): Promise<number>;
}

/** Registers the tests of one store. */
export function testStore(
  name: string,
  withPlace: (run: (place: StorePlace) => Promise<void>) => Promise<void>,
): void {
  function test(
    criterion: string,
    run: (place: StorePlace) => Promise<void>,
  ): void {
    Deno.test(`${name} ${criterion}`, () => withPlace(run));
  }

  test("gives back the bytes that were written, joined", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(1, 2), bytes(), bytes(3)]);
    assertEquals(await readAll(store, `${root}/a`), bytes(1, 2, 3));
  });

  test("gives back any bytes in any parts", async ({ store, root }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }),
        async (parts) => {
          const version = await store.write(`${root}/a`, parts);
          const joined = bytes(...parts.flatMap((part) => [...part]));
          assertEquals(await readAll(store, `${root}/a`), joined);
          assertEquals(version.size, joined.length);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("keeps many megabytes", async ({ store, root }) => {
    const part = new Uint8Array(3_000_001).map((_, index) => index * 31 >> 3);
    await store.write(`${root}/a`, [part, part]);
    const back = await readAll(store, `${root}/a`);
    assertEquals(back.length, 2 * part.length);
    assert(back.subarray(0, part.length).every((byte, i) => byte === part[i]));
    assert(back.subarray(part.length).every((byte, i) => byte === part[i]));
  });

  test("writes views of shared memory", async ({ store, root }) => {
    const shared = new Uint8Array(new SharedArrayBuffer(16), 4, 3);
    shared.set([7, 8, 9]);
    await store.write(`${root}/a`, [shared]);
    assertEquals(await readAll(store, `${root}/a`), bytes(7, 8, 9));
  });

  test("reads any range, cut at the end", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(0, 1, 2, 3, 4)]);
    const read = (start?: number, end?: number) =>
      readAll(store, `${root}/a`, {
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
      });
    assertEquals(await read(1, 3), bytes(1, 2));
    assertEquals(await read(3), bytes(3, 4));
    assertEquals(await read(undefined, 2), bytes(0, 1));
    assertEquals(await read(3, 100), bytes(3, 4));
    assertEquals(await read(2, 2), bytes());
    assertEquals(await read(9), bytes());
  });

  test("refuses a range that is none", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(1)]);
    for (const range of [{ start: -1 }, { start: 3, end: 2 }, { end: NaN }]) {
      await assertRejects(() => store.read(`${root}/a`, range), RangeError);
    }
  });

  test("rejects reading what is not there", async ({ store, root }) => {
    await assertRejects(
      () => store.read(`${root}/none`),
      Deno.errors.NotFound,
    );
  });

  test("answers null to stat of what is not there", async ({ store, root }) => {
    assertEquals(await store.stat(`${root}/none`), null);
    await store.write(`${root}/a`, [bytes(1)]);
    assertEquals(await store.stat(`${root}/a/below-a-file`), null);
  });

  test("answers the version of the last write to stat, until the next", async ({ store, root }) => {
    const first = await store.write(`${root}/a`, [bytes(1, 2, 3)]);
    assertEquals(await store.stat(`${root}/a`), first);
    assertEquals(await store.stat(`${root}/a`), first);
    const second = await store.write(`${root}/a`, [bytes(1, 2, 4)]);
    assertEquals(await store.stat(`${root}/a`), second);
    assertEquals(second.size, first.size);
    assertNotEquals(second.marker, first.marker);
  });

  test("replaces longer bytes by shorter ones", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(1, 2, 3)]);
    await store.write(`${root}/a`, [bytes(4)]);
    assertEquals(await readAll(store, `${root}/a`), bytes(4));
  });

  test("makes the folders of what it writes", async ({ store, root }) => {
    await store.write(`${root}/new/folder/a`, [bytes(1)]);
    assertEquals(await readAll(store, `${root}/new/folder/a`), bytes(1));
  });

  test("lists names directly below a prefix", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(1)]);
    await store.write(`${root}/b.recotem`, [bytes(1)]);
    await store.write(`${root}/below/c`, [bytes(1)]);
    assertEquals(await namesIn(store, root), ["a", "b.recotem"]);
  });

  test("lists sizes and times, which are those of the last write", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(1, 2, 3)]);
    await store.write(`${root}/b`, []);
    const before = await entriesIn(store, root);
    assertEquals(before.map(({ size }) => size), [3, 0]);
    for (const { modified } of before) {
      // The clock of a medium may stand beside ours, and count in seconds.
      assert(Math.abs(modified.getTime() - Date.now()) < 60_000);
    }
    let after: StoredEntry[];
    // Until the medium's clock has gone on, which for some takes a second.
    do {
      await store.write(`${root}/a`, [bytes(1)]);
      after = await entriesIn(store, root);
    } while (after[0]!.modified <= before[0]!.modified);
    assertEquals(after.map(({ size }) => size), [1, 0]);
    assertEquals(after[1], before[1]);
  });

  test("removes what it is told to and nothing else, also what is not there", async ({ store, root, countAll }) => {
    await store.write(`${root}/a`, [bytes(1)]);
    await store.write(`${root}/ab`, [bytes(2)]);
    await store.write(`${root}/a b%20c`, [bytes(3)]);
    const count = await countAll?.();
    await store.remove(`${root}/a`);
    await store.remove(`${root}/a`);
    await store.remove(`${root}/nowhere/a`);
    assertEquals(await store.stat(`${root}/a`), null);
    assertEquals((await namesIn(store, root)).length, 2);
    if (count !== undefined) assertEquals(await countAll?.(), count - 1);
    await store.write(`${root}/a`, [bytes(4)], { ifVersion: null });
    assertEquals(await readAll(store, `${root}/a`), bytes(4));
  });

  test("removes nothing when aborted", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(1)]);
    await assertRejects(
      () => store.remove(`${root}/a`, AbortSignal.abort()),
      DOMException,
    );
    assertEquals(await readAll(store, `${root}/a`), bytes(1));
  });

  test("lets several remove the same thing at once", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(1)]);
    await Promise.all(
      Array.from({ length: 6 }, () => store.remove(`${root}/a`)),
    );
    assertEquals(await namesIn(store, root), []);
  });

  test("shows no new bytes before beforeCommit has run", async ({ store, root }) => {
    await store.write(`${root}/a`, [bytes(1)]);
    let seen: Uint8Array | undefined;
    await store.write(`${root}/a`, [bytes(2)], {
      beforeCommit: async () => {
        seen = await readAll(store, `${root}/a`);
      },
    });
    assertEquals(seen, bytes(1));
    assertEquals(await readAll(store, `${root}/a`), bytes(2));
  });

  test("changes nothing when beforeCommit throws", async ({ store, root, countAll }) => {
    const before = await store.write(`${root}/a`, [bytes(1)]);
    const count = await countAll?.();
    await assertRejects(
      () =>
        store.write(`${root}/a`, [bytes(2)], {
          beforeCommit: () => Promise.reject(new Error("No")),
        }),
      Error,
      "No",
    );
    assertEquals(await store.stat(`${root}/a`), before);
    assertEquals(await countAll?.(), count);
  });

  test("changes nothing when writing is aborted", async ({ store, root, countAll }) => {
    const before = await store.write(`${root}/a`, [bytes(1)]);
    const count = await countAll?.();
    const controller = new AbortController();
    await assertRejects(
      () =>
        store.write(`${root}/a`, [bytes(2)], {
          signal: controller.signal,
          beforeCommit: () => {
            controller.abort();
            return Promise.resolve();
          },
        }),
      DOMException,
    );
    assertEquals(await store.stat(`${root}/a`), before);
    assertEquals(await countAll?.(), count);
  });

  test("replaces the version that it is told to, and no other", async ({ store, root, countAll }) => {
    const first = await store.write(`${root}/a`, [bytes(1)], {
      ifVersion: null,
    });
    const second = await store.write(`${root}/a`, [bytes(2)], {
      ifVersion: first,
    });
    const count = await countAll?.();
    for (
      const [name, ifVersion] of [
        ["a", null],
        ["a", first],
        ["none", second],
      ] as const
    ) {
      const error = await assertRejects(
        () => store.write(`${root}/${name}`, [bytes(3)], { ifVersion }),
        RecotemError,
      );
      assertEquals([error.code, error.exitCode], ["lock_contested", 6]);
    }
    assertEquals(await store.stat(`${root}/a`), second);
    assertEquals(await store.stat(`${root}/none`), null);
    assertEquals(await countAll?.(), count);
  });

  test("replaces a version of many megabytes, and no other", async ({ store, root }) => {
    const large = new Uint8Array(11_000_000);
    const first = await store.write(`${root}/a`, [large], { ifVersion: null });
    await assertRejects(
      () => store.write(`${root}/a`, [large, bytes(1)], { ifVersion: null }),
      RecotemError,
    );
    assertEquals(await store.stat(`${root}/a`), first);
    const second = await store.write(`${root}/a`, [large, bytes(1)], {
      ifVersion: first,
    });
    await assertRejects(
      () => store.write(`${root}/a`, [large], { ifVersion: first }),
      RecotemError,
    );
    assertEquals(await store.stat(`${root}/a`), second);
  });

  test("lets one of several writers replace the same version", async ({ store, root }) => {
    let version: Version | null = null;
    for (let round = 1; round <= 3; round++) {
      const ifVersion: Version | null = version;
      const outcomes = await Promise.allSettled(
        Array.from(
          { length: 6 },
          (_, writer) =>
            store.write(`${root}/a`, [bytes(round, writer)], { ifVersion }),
        ),
      );
      const winners = outcomes.flatMap((outcome, writer) =>
        outcome.status === "fulfilled" ? [writer] : []
      );
      const losers = outcomes.flatMap((outcome) =>
        outcome.status === "rejected" ? [outcome.reason.code] : []
      );
      assertEquals(winners.length, 1);
      assertEquals(losers, new Array(5).fill("lock_contested"));
      assertEquals(
        await readAll(store, `${root}/a`),
        bytes(round, winners[0]!),
      );
      version = await store.stat(`${root}/a`);
    }
  });

  test("stops reading when aborted", async ({ store, root }) => {
    await store.write(`${root}/a`, [new Uint8Array(5_000_000)]);
    const controller = new AbortController();
    const stream = await store.read(`${root}/a`, { signal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    controller.abort();
    await assertRejects(async () => {
      while (!(await reader.read()).done);
    }, DOMException);
    await assertRejects(
      () => store.read(`${root}/a`, { signal: controller.signal }),
      DOMException,
    );
    await assertRejects(
      () => store.stat(`${root}/a`, controller.signal),
      DOMException,
    );
  });

  test("lets a reader stop early", async ({ store, root }) => {
    await store.write(`${root}/a`, [new Uint8Array(5_000_000)]);
    const stream = await store.read(`${root}/a`);
    // The test runner reports a file or connection that stays open.
    await stream.cancel();
  });

  test("gives a reader all of the old bytes or all of the new", async ({ store, root }) => {
    const size = 700_000;
    await store.write(`${root}/a`, [new Uint8Array(size).fill(0)]);
    let writing = true;
    async function write(): Promise<void> {
      for (let value = 1; value <= 5; value++) {
        await store.write(`${root}/a`, [new Uint8Array(size).fill(value)]);
      }
      writing = false;
    }
    async function read(): Promise<void> {
      while (writing) {
        const back = await readAll(store, `${root}/a`);
        assertEquals(back.length, size);
        assert(back.every((byte) => byte === back[0]));
      }
    }
    await Promise.all([write(), read(), read()]);
  });
}

/** All bytes of a stored thing, or of a range of it. */
export async function readAll(
  store: Store,
  uri: string,
  options?: { start?: number; end?: number; signal?: AbortSignal },
): Promise<Uint8Array> {
  const stream = await store.read(uri, options);
  return await new Response(stream).bytes();
}

/** What is stored directly below a place, by name. */
export async function entriesIn(
  store: Store,
  root: string,
): Promise<StoredEntry[]> {
  const entries = await Array.fromAsync(store.list(root));
  return entries.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The names of what is stored directly below a place, in order. */
export async function namesIn(store: Store, root: string): Promise<string[]> {
  return (await entriesIn(store, root)).map(({ name }) => name);
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}
