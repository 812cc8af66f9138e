import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { CsvDataSource } from "../../../../train/data/sources/csv.ts";
import type { SourceDependencies } from "../../../../train/data/source_dependencies.ts";
import {
  compressed,
  ids,
  localDependencies,
  localStore,
  readAll,
  refusal,
  temporaryFile,
} from "../source_files.ts";

/** Hardly compressible, so that archives have more than one chunk and block. */
const ROWS = 60_000;
const USERS = Array.from(
  { length: ROWS },
  (_, i) => Math.imul(i + 1, 0x9e3779b1).toString(36) + (i * i).toString(36),
);
const TEXT = `a\n${USERS.join("\n")}\n`;

async function zip(
  ...entries: [name: string, text: string][]
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
  });
  for (const [name, text] of entries) {
    await writer.add(name, new TextReader(text));
  }
  return await writer.close() as Uint8Array<ArrayBuffer>;
}

const ARCHIVES: Readonly<
  Record<string, (text: string) => Promise<Uint8Array<ArrayBuffer>>>
> = {
  gz: (text) => compressed("gzip", text),
  bz2: (text) => compressed("bzip2", text),
  xz: (text) => compressed("xz", text),
  zip: (text) => zip(["table.csv", text]),
};

async function read(
  name: string,
  bytes: Uint8Array,
  dependencies: SourceDependencies = localDependencies(),
  signal?: AbortSignal,
): Promise<Record<string, unknown[]>> {
  await using file = await temporaryFile(name, bytes);
  const source = new CsvDataSource({
    type: "csv",
    path: file.path,
    delimiter: ",",
    encoding: "utf-8",
    header: 0,
    dtype: null,
    sha256: null,
  }, dependencies);
  return await readAll(source, ids("a"), signal);
}

for (const [suffix, compress] of Object.entries(ARCHIVES)) {
  Deno.test(`.${suffix} is decompressed, whatever the case of the suffix`, async () => {
    const archive = await compress(TEXT);
    assertEquals(await read(`t.csv.${suffix}`, archive), { a: USERS });
    assertEquals(await read(`T.${suffix.toUpperCase()}`, archive), {
      a: USERS,
    });
  });

  Deno.test(`.${suffix} that is cut off, damaged or something else is refused`, async () => {
    const archive = await compress(TEXT);
    const damaged = archive.slice();
    damaged[damaged.length >> 1]! ^= 0x55;
    for (
      const bytes of [
        archive.subarray(0, archive.length - 5),
        archive.subarray(0, archive.length >> 1),
        archive.subarray(0, 3),
        damaged,
        new TextEncoder().encode(TEXT),
      ]
    ) {
      const error = await refusal(
        () => read(`t.csv.${suffix}`, bytes),
        "datasource_error",
      );
      assertMatch(error.message, /^Cannot decompress \S+: it is damaged/);
      assertEquals(error.exitCode, 3);
    }
  });

  Deno.test(`.${suffix} may not decompress to more than 32 times the cap`, async () => {
    const archive = await compress(`a\n${"x\n".repeat(3 * 2 ** 20)}`);
    const maxBytes = 2 ** 17;
    assertEquals(archive.length < maxBytes, true);
    const error = await refusal(
      () => read(`t.csv.${suffix}`, archive, localDependencies({ maxBytes })),
      "datasource_error",
    );
    assertMatch(error.message, /decompresses to more than the 4194304 bytes/);
  });

  Deno.test(`.${suffix} passes a failed read and an abort through`, async () => {
    const archive = await compress(TEXT);
    const broken = localDependencies({
      store: {
        ...localStore,
        read: () => Promise.reject(new Deno.errors.PermissionDenied("no")),
      },
    });
    const error = await refusal(
      () => read(`t.csv.${suffix}`, archive, broken),
      "datasource_error",
    );
    assertMatch(error.message, /^Cannot read \S+: PermissionDenied: no$/);

    const controller = new AbortController();
    const aborting = localDependencies({
      store: {
        ...localStore,
        read(uri, options) {
          controller.abort(new Error("enough"));
          return localStore.read(uri, options);
        },
      },
    });
    await assertRejects(
      () => read(`t.csv.${suffix}`, archive, aborting, controller.signal),
      Error,
      "enough",
    );
  });
}

for (const suffix of ["gz", "bz2", "xz"]) {
  Deno.test(`.${suffix} of several members is read to its end`, async () => {
    const [first, second] = [
      await ARCHIVES[suffix]!("a\n1\n"),
      await ARCHIVES[suffix]!("2\n"),
    ];
    const joined = new Uint8Array([...first!, ...second!]);
    assertEquals(await read(`t.csv.${suffix}`, joined), { a: ["1", "2"] });
  });
}

Deno.test(".bz2 of one long run is refused before it fills the memory", async () => {
  // 80 MiB of one byte in less than 100 bytes: the decoder delivers all of it in one step.
  const process = new Deno.Command("sh", {
    args: ["-c", "head -c 80M /dev/zero | bzip2 -c"],
    stdout: "piped",
  });
  const { stdout } = await process.output();
  const error = await refusal(
    () => read("t.csv.bz2", stdout),
    "datasource_error",
  );
  assertMatch(error.message, /expands too much at once/);
});

Deno.test(".zip must hold exactly one file", async () => {
  for (const archive of [await zip(), await zip(["a", TEXT], ["b", TEXT])]) {
    const error = await refusal(
      () => read("t.csv.zip", archive),
      "datasource_error",
    );
    assertMatch(error.message, /holds [02] files/);
  }
});
