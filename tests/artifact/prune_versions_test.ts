import { createHash } from "node:crypto";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { pruneVersions } from "../../artifact/prune_versions.ts";
import { publishArtifact } from "../../artifact/publish_artifact.ts";
import { readArtifact } from "../../artifact/read_artifact.ts";
import { RecotemError } from "../../core/errors.ts";
import { createStore } from "../../core/storage/create_store.ts";
import type { Store } from "../../core/storage/store.ts";
import { CAPS, HEADER, join, KEYS, TENSORS } from "./fixture.ts";

const NOW: Date = new Date("2026-11-24T12:00:00Z");
const STORE = createStore();
const ARTIFACT: Uint8Array = join(encodeArtifact(HEADER, TENSORS, KEYS));

/** What stands for the digests of versions in the names below, as they begin. */
const DIGESTS: ReadonlyMap<string, string> = new Map(
  Array.from({ length: 6 }, (_, i): [string, string] => {
    const label = `0000000${i + 1}`;
    const digest = createHash("sha256").update(artifact(label)).digest("hex");
    return [label, digest.slice(0, 8)];
  }),
);

/** An artifact unlike those of other labels. */
function artifact(label: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...ARTIFACT, ...new TextEncoder().encode(label)]);
}

/** Names with digests in place of what stands for them. */
function real(text: string): string {
  return text.replace(/0{7}\d/g, (label) => DIGESTS.get(label) ?? label);
}

/** The reverse. */
function labelled(text: string): string {
  for (const [label, digest] of DIGESTS) text = text.replace(digest, label);
  return text;
}

/** A folder of files, each so many minutes old; text is written with real names, true is an artifact. */
type Files = Readonly<Record<string, readonly [number, string | true]>>;

function test(name: string, run: (folder: string) => Promise<void>): void {
  Deno.test(`pruneVersions() ${name}`, async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    try {
      await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function write(folder: string, files: Files): Promise<void> {
  for (const [name, [minutes, content]] of Object.entries(files)) {
    const path = `${folder}/${real(name)}`;
    const bytes = content === true
      ? artifact(/[0-9a-f]{8}/.exec(name)?.[0] ?? "")
      : new TextEncoder().encode(real(content));
    await Deno.writeFile(path, bytes);
    const time = new Date(NOW.getTime() - 60_000 * minutes);
    await Deno.utime(path, time, time);
  }
}

async function names(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => labelled(name)).sort();
}

/** Prunes `shop.recotem` of a folder of files; answers the names of what is gone. */
async function gone(
  folder: string,
  files: Files,
  keep: number,
  path = `${folder}/shop.recotem`,
): Promise<string[]> {
  await write(folder, files);
  const before = await names(folder);
  const removed = await pruneVersions(STORE, { path }, { keep, now: NOW });
  const left = await names(folder);
  const missing = before.filter((name) => !left.includes(name));
  assertEquals(
    removed.map((uri) => labelled(uri.split("/").at(-1)!)).sort(),
    missing,
  );
  return missing;
}

const FIVE: Files = {
  "shop.recotem": [1, "shop.00000005.recotem\n"],
  "shop.00000001.recotem": [50, true],
  "shop.00000002.recotem": [40, true],
  "shop.00000003.recotem": [30, true],
  "shop.00000004.recotem": [20, true],
  "shop.00000005.recotem": [10, true],
};

for (
  const [keep, expected] of [[1, 4], [2, 3], [4, 1], [5, 0], [9, 0]] as const
) {
  test(`keeps ${keep} of five versions, the newest`, async (folder) => {
    assertEquals(
      await gone(folder, FIVE, keep),
      Object.keys(FIVE).slice(1, 1 + expected),
    );
  });
}

test("removes the reports of a version with it, and no others", async (folder) => {
  assertEquals(
    await gone(folder, {
      ...FIVE,
      "shop.00000003.recotem.report.html": [1, "<html>"],
      "shop.00000003.recotem.report.json": [1, "{}"],
      "shop.00000003.recotem.report.txt": [90, "mine"],
      "shop.00000004.recotem.report.html": [90, "<html>"],
    }, 2),
    [
      "shop.00000001.recotem",
      "shop.00000002.recotem",
      "shop.00000003.recotem",
      "shop.00000003.recotem.report.html",
      "shop.00000003.recotem.report.json",
    ],
  );
});

test("leaves all that is not a version of this output", async (folder) => {
  await Deno.mkdir(`${folder}/shop.000000aa.recotem`);
  assertEquals(
    await gone(folder, {
      "shop.recotem": [1, "shop.00000005.recotem\n"],
      "shop.00000005.recotem": [10, true],
      // Of other outputs, with names that start or end alike.
      "shop.a.00000001.recotem": [90, true],
      "shop.00000001.00000002.recotem": [90, true],
      "workshop.00000001.recotem": [90, true],
      "Shop.00000001.recotem": [90, true],
      "shop_00000001.recotem": [90, true],
      // Names that are none of a version.
      "shop.0000001.recotem": [90, true],
      "shop.000000001.recotem": [90, true],
      "shop.0000000G.recotem": [90, true],
      "shop.ABCDEF01.recotem": [90, true],
      "shop.00000001.recotem.bak": [90, true],
      "shop.recotem.lock": [90, ""],
      ".shop.00000001.recotem": [90, true],
      // Of that name, but no artifact.
      "shop.00000001.recotem": [90, "my notes on the model of last year"],
      "shop.00000002.recotem": [90, "shop.a.00000001.recotem\n"],
      "shop.00000003.recotem": [90, ""],
      // Artifacts, but not of that digest: a copy with a date, and the output of another recipe.
      "shop.20251124.recotem": [90, true],
      "shop.deadbeef.recotem": [90, true],
    }, 1),
    [],
  );
});

test("leaves what any pointer of the folder names", async (folder) => {
  assertEquals(
    await gone(folder, {
      ...FIVE,
      "stable.recotem": [90, "shop.00000002.recotem\n"],
      "rollback": [90, "shop.00000003.recotem"],
    }, 2),
    ["shop.00000001.recotem"],
  );
});

test("leaves what is not older than the published version, and does not count it", async (folder) => {
  assertEquals(
    await gone(folder, {
      ...FIVE,
      "shop.recotem": [1, "shop.00000003.recotem\n"],
      "shop.00000006.recotem": [30, true],
    }, 2),
    ["shop.00000001.recotem"],
  );
});

for (
  const [what, content] of [
    ["an artifact", true],
    ["something else", "hello"],
    ["a pointer to nothing", "shop.0000000f.recotem\n"],
    ["a pointer to another output's", "other.00000001.recotem\n"],
  ] as const
) {
  test(`removes no version when the output's path holds ${what}`, async (folder) => {
    const files = { ...FIVE, "shop.recotem": [1, content] } as const;
    assertEquals(await gone(folder, files, 1), []);
  });
}

test("removes no version when nothing is published, and nothing where no folder is", async (folder) => {
  const { "shop.recotem": _, ...versions } = FIVE;
  assertEquals(await gone(folder, versions, 1), []);
  const path = `${folder}/none/shop.recotem`;
  assertEquals(
    await pruneVersions(STORE, { path }, { keep: 1, now: NOW }),
    [],
  );
});

test("removes what killed writes left an hour ago", async (folder) => {
  const id = "01234567-89ab-cdef-0123-456789abcdef";
  assertEquals(
    await gone(folder, {
      ...FIVE,
      [`.${id}.tmp`]: [61, true],
      [`.${id.replace("0", "f")}.tmp`]: [59, true],
      [`${id}.tmp`]: [90, true],
      [`.${id}.tmp2`]: [90, true],
      ".mine.tmp": [90, "mine"],
    }, 9),
    [`.${id}.tmp`],
  );
});

test("with dryRun tells the same and removes nothing", async (folder) => {
  await write(folder, FIVE);
  const before = await names(folder);
  const path = `file://${folder}/shop.recotem`;
  const told = await pruneVersions(STORE, { path }, {
    ...{ keep: 3, now: NOW, dryRun: true },
  });
  assertEquals(await names(folder), before);
  assertEquals(
    await pruneVersions(STORE, { path }, { keep: 3, now: NOW }),
    told,
  );
  assertEquals(told.map(labelled), [
    `file://${folder}/shop.00000001.recotem`,
    `file://${folder}/shop.00000002.recotem`,
  ]);
});

test("takes a path without a folder, and a name without an ending", async (folder) => {
  const before = Deno.cwd();
  Deno.chdir(folder);
  try {
    const files = { ...FIVE, "shop": FIVE["shop.recotem"]! };
    assertEquals((await gone(folder, files, 4, "shop")).length, 1);
  } finally {
    Deno.chdir(before);
  }
});

test("tells a place that cannot be read", async (folder) => {
  const path = `${folder}/shop.recotem`;
  const list = () => {
    throw new Deno.errors.PermissionDenied("no rights");
  };
  const error = await assertRejects(
    () => pruneVersions({ ...STORE, list }, { path }, { keep: 1, now: NOW }),
    RecotemError,
    "no rights",
  );
  assertEquals([error.code, error.exitCode], ["artifact_error", 5]);
});

test("may run in several processes at once", async (folder) => {
  await write(folder, FIVE);
  const path = `${folder}/shop.recotem`;
  await Promise.all(
    Array.from(
      { length: 5 },
      () => pruneVersions(STORE, { path }, { keep: 2, now: NOW }),
    ),
  );
  assertEquals(await names(folder), [
    "shop.00000004.recotem",
    "shop.00000005.recotem",
    "shop.recotem",
  ]);
});

/** Publishes an artifact of its own to `shop.recotem` of a folder. */
async function publish(
  folder: string,
  cutoff: number,
  store: Store = STORE,
): Promise<string> {
  const { artifact } = await publishArtifact(
    store,
    { path: `${folder}/shop.recotem`, versioning: "append_sha" },
    encodeArtifact({ ...HEADER, cutoff }, TENSORS, KEYS),
    CAPS,
  );
  return artifact;
}

test("leaves a version whose pointer is about to be written by another run", async (folder) => {
  const path = `${folder}/shop.recotem`;
  await publish(folder, 1);
  const second = await publish(folder, 2, {
    ...STORE,
    async write(uri, parts, options) {
      if (uri === path) {
        await pruneVersions(STORE, { path }, { keep: 1, now: NOW });
      }
      return await STORE.write(uri, parts, options);
    },
  });
  const { uri } = await readArtifact(STORE, path, { keys: KEYS, ...CAPS });
  assertEquals(uri, second);
});

test("lets a reader find the next version when it has taken the one that was named", async (folder) => {
  const path = `${folder}/shop.recotem`;
  await publish(folder, 1);
  let cutoff = 1;
  const store = {
    ...STORE,
    async read(...[uri, options]: Parameters<Store["read"]>) {
      const stream = await STORE.read(uri, options);
      // Three times in a row, as soon as the pointer is read.
      if (uri === path && cutoff < 4) {
        const old = await Deno.readTextFile(path);
        await publish(folder, ++cutoff);
        await Deno.utime(`${folder}/${old.trim()}`, 1, 1);
        await pruneVersions(STORE, { path }, { keep: 1, now: NOW });
      }
      return stream;
    },
  };
  const { header } = await readArtifact(store, path, { keys: KEYS, ...CAPS });
  assertEquals([header.cutoff, cutoff], [4, 4]);
  assertEquals((await names(folder)).length, 2);
});

test("takes nothing from publishers and readers that work meanwhile", async (folder) => {
  const output = {
    path: `${folder}/shop.recotem`,
    versioning: "append_sha",
  } as const;
  let number = 0;
  let publishing = true;
  async function publishAndPrune(): Promise<number> {
    let published = 0;
    while (published < 8) {
      const header = { ...HEADER, cutoff: ++number };
      try {
        const parts = encodeArtifact(header, TENSORS, KEYS);
        await publishArtifact(STORE, output, parts, CAPS);
        published++;
      } catch (error) {
        if ((error as RecotemError).code !== "lock_contested") throw error;
      }
      await pruneVersions(STORE, output, { keep: 1, now: new Date() });
    }
    return published;
  }
  async function read(): Promise<number> {
    let reads = 0;
    while (publishing) {
      await readArtifact(STORE, output.path, { keys: KEYS, ...CAPS });
      reads++;
    }
    return reads;
  }
  await publish(folder, 0);
  const readers = [read(), read()];
  await Promise.all([
    publishAndPrune(),
    publishAndPrune(),
    publishAndPrune(),
  ]);
  publishing = false;
  assert((await Promise.all(readers)).every((reads) => reads > 0));
  await readArtifact(STORE, output.path, { keys: KEYS, ...CAPS });
});
