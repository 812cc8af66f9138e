import { createHash } from "node:crypto";
import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { planPublication } from "../../artifact/plan_publication.ts";
import { publishArtifact } from "../../artifact/publish_artifact.ts";
import { readArtifact } from "../../artifact/read_artifact.ts";
import { RecotemError } from "../../core/errors.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { CAPS, HEADER, join, KEYS, TENSORS } from "./fixture.ts";

const PARTS: Uint8Array[] = encodeArtifact(HEADER, TENSORS, KEYS);
const SHA256: string = createHash("sha256").update(join(PARTS)).digest("hex");
const APPEND = "append_sha" as const;
const OVERWRITE = "always_overwrite" as const;

function test(name: string, run: (folder: string) => Promise<void>): void {
  Deno.test(`publishArtifact() ${name}`, async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    try {
      await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function names(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}

test("with append_sha writes the artifact under its digest, and a pointer", async (folder) => {
  const path = `${folder}/new/model.recotem`;
  const published = await publishArtifact(
    createStore(),
    { path, versioning: APPEND },
    PARTS,
    CAPS,
  );
  const file = `model.${SHA256.slice(0, 8)}.recotem`;
  assertEquals(published, {
    artifact: `${folder}/new/${file}`,
    pointer: path,
    sha256: SHA256,
    bytes: join(PARTS).length,
  });
  assertEquals(await names(`${folder}/new`), [file, "model.recotem"].sort());
  assertEquals(await Deno.readTextFile(path), `${file}\n`);
  assertEquals(await Deno.readFile(published.artifact), join(PARTS));
  const artifact = await readArtifact(createStore(), path, {
    keys: KEYS,
    ...CAPS,
  });
  assertEquals(artifact.uri, published.artifact);
  assertEquals(artifact.digest, SHA256);
});

test("with append_sha keeps old versions and moves the pointer", async (folder) => {
  const output = { path: `file://${folder}/model`, versioning: APPEND };
  const first = await publishArtifact(createStore(), output, PARTS, CAPS);
  const parts = encodeArtifact({ ...HEADER, cutoff: 5 }, TENSORS, KEYS);
  const second = await publishArtifact(createStore(), output, parts, CAPS);
  assertEquals(await names(folder), [
    "model",
    ...[first, second].map(({ artifact }) => artifact.split("/").at(-1)!)
      .sort(),
  ]);
  const artifact = await readArtifact(createStore(), output.path, {
    keys: KEYS,
    ...CAPS,
  });
  assertEquals(artifact.header.cutoff, 5);
  // Publishing the old one again moves the pointer back.
  await publishArtifact(createStore(), output, PARTS, CAPS);
  assertEquals((await names(folder)).length, 3);
  assertStringIncludes(
    first.artifact,
    (await Deno.readTextFile(`${folder}/model`)).trim(),
  );
});

test("with append_sha leaves the pointer when the artifact cannot be written", async (folder) => {
  const path = `${folder}/model`;
  await Deno.writeTextFile(path, "old.recotem\n");
  await Deno.mkdir(`${folder}/model.${SHA256.slice(0, 8)}.recotem`);
  await assertRejects(
    () =>
      publishArtifact(
        createStore(),
        { path, versioning: APPEND },
        PARTS,
        CAPS,
      ),
    RecotemError,
  );
  assertEquals(await Deno.readTextFile(path), "old.recotem\n");
  assertEquals((await names(folder)).length, 2);
});

test("with always_overwrite replaces the file", async (folder) => {
  const path = `${folder}/any name`;
  await Deno.writeTextFile(path, "old");
  const published = await publishArtifact(
    createStore(),
    { path, versioning: OVERWRITE },
    PARTS,
    CAPS,
  );
  assertEquals(published.artifact, path);
  assertEquals(published.pointer, null);
  assertEquals(await names(folder), ["any name"]);
  assertEquals(await Deno.readFile(path), join(PARTS));
});

for (const versioning of [APPEND, OVERWRITE]) {
  test(`with ${versioning} loses against a run that publishes meanwhile`, async (folder) => {
    const output = { path: `${folder}/model.recotem`, versioning };
    const other = encodeArtifact({ ...HEADER, cutoff: 5 }, TENSORS, KEYS);
    const store = createStore();
    // With nothing published before, and with something.
    for (let round = 0; round < 2; round++) {
      let published = false;
      await assertFails(
        () =>
          publishArtifact(
            {
              ...store,
              // The other run is done just before this one's first write.
              async write(uri, parts, options) {
                if (!published) {
                  published = true;
                  await publishArtifact(store, output, other, CAPS);
                }
                return await store.write(uri, parts, options);
              },
            },
            output,
            PARTS,
            CAPS,
          ),
        "lock_contested",
        "another run",
      );
    }
    const { header } = await readArtifact(store, output.path, {
      keys: KEYS,
      ...CAPS,
    });
    assertEquals(header.cutoff, 5);
    await publishArtifact(store, output, PARTS, CAPS);
  });
}

test("refuses what servers would refuse, before it writes", async (folder) => {
  const output = { path: `${folder}/a`, versioning: OVERWRITE };
  const bytes = join(PARTS).length;
  for (
    const [caps, message] of [
      [{ maxArtifactBytes: bytes - 1 }, "RECOTEM_MAX_ARTIFACT_BYTES"],
      [{ maxPayloadBytes: 199 }, "RECOTEM_MAX_PAYLOAD_BYTES"],
    ] as const
  ) {
    await assertFails(
      () => publishArtifact(createStore(), output, PARTS, { ...CAPS, ...caps }),
      "artifact_error",
      message,
    );
  }
  assertEquals(await names(folder), []);
  await publishArtifact(createStore(), output, PARTS, {
    maxArtifactBytes: bytes,
    maxPayloadBytes: 200,
  });
});

test("writes within the artifact root, links followed", async (folder) => {
  await Deno.mkdir(`${folder}/root/models`, { recursive: true });
  await Deno.symlink(`${folder}/root/models`, `${folder}/link`);
  for (const path of ["root/a", "root/models/a", "link/b"]) {
    await publishArtifact(
      createStore(),
      { path: `${folder}/${path}`, versioning: APPEND },
      PARTS,
      { ...CAPS, artifactRoot: `${folder}/root` },
    );
  }
  assertEquals((await names(`${folder}/root/models`)).length, 4);
});

test("refuses folders outside the artifact root, and missing ones, and makes none", async (folder) => {
  await Deno.mkdir(`${folder}/root`);
  await Deno.mkdir(`${folder}/root-2`);
  await Deno.symlink(`${folder}/root-2`, `${folder}/root/link`);
  for (
    const path of [
      "a",
      "root-2/a",
      "root/../a",
      "root/link/a",
      "root/new/a",
    ]
  ) {
    await assertFails(
      () =>
        publishArtifact(
          createStore(),
          { path: `${folder}/${path}`, versioning: APPEND },
          PARTS,
          { ...CAPS, artifactRoot: `${folder}/root` },
        ),
      "artifact_error",
      "RECOTEM_ARTIFACT_ROOT",
    );
  }
  assertEquals(await names(folder), ["root", "root-2"]);
  assertEquals(await names(`${folder}/root`), ["link"]);
  assertEquals(await names(`${folder}/root-2`), []);
});

test("refuses a folder that is led outside the artifact root while it writes", async (folder) => {
  await Deno.mkdir(`${folder}/root/models`, { recursive: true });
  await Deno.mkdir(`${folder}/elsewhere`);
  const store = createStore();
  await assertFails(
    () =>
      publishArtifact(
        {
          ...store,
          write: (uri, parts, options) =>
            store.write(uri, parts, {
              ...options,
              async beforeCommit() {
                await Deno.rename(`${folder}/root/models`, `${folder}/moved`);
                await Deno.symlink(
                  `${folder}/elsewhere`,
                  `${folder}/root/models`,
                );
                await options?.beforeCommit?.();
              },
            }),
        },
        { path: `${folder}/root/models/a`, versioning: OVERWRITE },
        PARTS,
        { ...CAPS, artifactRoot: `${folder}/root` },
      ),
    "artifact_error",
    "RECOTEM_ARTIFACT_ROOT",
  );
  assertEquals(await names(`${folder}/elsewhere`), []);
});

test("tells a place that cannot be written to from a full disk", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  const store = createStore();
  const output = { path: `${folder}/a`, versioning: OVERWRITE };
  await assertFails(
    () =>
      publishArtifact(
        store,
        { ...output, path: `${folder}/file/a` },
        PARTS,
        CAPS,
      ),
    "artifact_error",
    `Cannot write ${folder}/file/a`,
  );
  await assertFails(
    () =>
      publishArtifact(
        store,
        { ...output, path: "s3://bucket/a" },
        PARTS,
        CAPS,
      ),
    "artifact_error",
    '"s3"',
  );
  const full = await Deno.open("/dev/full", { write: true });
  let noSpace: unknown;
  try {
    await full.write(Uint8Array.of(1));
  } catch (error) {
    noSpace = error;
  }
  full.close();
  const error = await assertFails(
    () =>
      publishArtifact(
        { ...store, write: () => Promise.reject(noSpace) },
        output,
        PARTS,
        CAPS,
      ),
    "internal_error",
    "No space left",
  );
  assertEquals(error.cause, noSpace);
  assertEquals(error.exitCode, 1);
});

test("stops at an abort and leaves no trace", async (folder) => {
  const reason = new Error("Stop");
  const error = await assertRejects(() =>
    publishArtifact(
      createStore(),
      { path: `${folder}/a`, versioning: APPEND },
      PARTS,
      { ...CAPS, signal: AbortSignal.abort(reason) },
    )
  );
  assertEquals(error, reason);
  assertEquals(await names(folder), []);
});

Deno.test("planPublication() puts the digest before the ending", () => {
  for (
    const [path, artifact] of [
      ["a.recotem", "a.01234567.recotem"],
      ["a", "a.01234567.recotem"],
      ["models/a.v2", "models/a.v2.01234567.recotem"],
      ["/m.recotem/a.recotem", "/m.recotem/a.01234567.recotem"],
      ["file:///m/a.recotem", "file:///m/a.01234567.recotem"],
      ["s3://bucket/a.recotem", "s3://bucket/a.01234567.recotem"],
      ["a.recotem.recotem", "a.recotem.01234567.recotem"],
      ["A.RECOTEM", "A.RECOTEM.01234567.recotem"],
    ] as const
  ) {
    const plan = planPublication(
      { path, versioning: APPEND },
      "01234567".repeat(8),
    );
    assertEquals(plan.artifact, artifact);
    assertEquals(plan.pointer?.uri, path);
  }
});

Deno.test("planPublication() refuses names that a pointer cannot hold", () => {
  for (
    const path of [
      "my model.recotem",
      "modèle.recotem",
      "file:///m/my%20model",
      "m/",
      ".recotem",
      "a".repeat(600),
    ]
  ) {
    const error = assertThrows(
      () => planPublication({ path, versioning: APPEND }, SHA256),
      RecotemError,
      "always_overwrite",
    );
    assertEquals(error.code, "recipe_error");
    planPublication({ path, versioning: OVERWRITE }, SHA256);
  }
});

async function assertFails(
  run: () => Promise<unknown>,
  code: string,
  message: string,
): Promise<RecotemError> {
  const error = await assertRejects(run, RecotemError, message);
  assertEquals(error.code, code);
  return error;
}
