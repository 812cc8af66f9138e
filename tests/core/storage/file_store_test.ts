import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileStore } from "../../../core/storage/file_store.ts";
import { toFileUrl } from "../../../core/std/path.ts";
import { entriesIn, readAll, testStore } from "./store_contract.ts";

const FILE_STORE = import.meta.resolve(
  "../../../core/storage/file_store.ts",
);

testStore("FileStore, by path,", (run) =>
  withFolder((folder) =>
    run({
      store: new FileStore(),
      root: folder,
      countAll: () => countAll(folder),
    })
  ));

testStore("FileStore, by file URI,", (run) =>
  withFolder((folder) =>
    run({
      store: new FileStore(),
      root: toFileUrl(`${folder}/with space & ümlaut`).href,
    })
  ));

Deno.test("FileStore reads and writes the same file by path and by URI", () =>
  withFolder(async (folder) => {
    const store = new FileStore();
    await store.write(`${folder}/a b%c.recotem`, [Uint8Array.of(1)]);
    for (
      const uri of [
        `file://${folder}/a%20b%25c.recotem`,
        `FILE://localhost${folder}/a%20b%25c.recotem`,
        `file://elsewhere${folder}/a%20b%25c.recotem`,
      ]
    ) {
      assertEquals(await readAll(store, uri), Uint8Array.of(1));
    }
    await store.write(`file://localhost${folder}/b`, [Uint8Array.of(2)]);
    assertEquals(await Deno.readFile(`${folder}/b`), Uint8Array.of(2));
  }));

Deno.test("FileStore refuses file URIs that would lead elsewhere than they say", () =>
  withFolder(async (folder) => {
    const store = new FileStore();
    for (
      const uri of [
        `file://elsewhere${folder}/a`,
        `file://${folder}/a?b`,
        `file://${folder}/a#b`,
        "file:relative",
        `file:${folder}/a`,
      ]
    ) {
      await assertRejects(() => store.write(uri, []), TypeError, "file URI");
    }
    assertEquals(await countAll(folder), 0);
  }));

Deno.test("FileStore takes relative paths from the working directory", () =>
  withFolder(async (folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      await new FileStore().write("a.recotem", [Uint8Array.of(1)]);
      await new FileStore().write("./c:d", [Uint8Array.of(2)]);
    } finally {
      Deno.chdir(before);
    }
    assertEquals(await Deno.readFile(`${folder}/a.recotem`), Uint8Array.of(1));
    assertEquals(await Deno.readFile(`${folder}/c:d`), Uint8Array.of(2));
  }));

Deno.test("FileStore replaces a link and not what it points to", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/target`, "old");
    await Deno.symlink(`${folder}/target`, `${folder}/link`);
    await new FileStore().write(`${folder}/link`, [Uint8Array.of(1)]);
    assertEquals(await Deno.readTextFile(`${folder}/target`), "old");
    assertEquals(await Deno.readFile(`${folder}/link`), Uint8Array.of(1));
  }));

Deno.test("FileStore.stat() tells files of the same size and time apart", () =>
  withFolder(async (folder) => {
    const store = new FileStore();
    const markers = new Set<string>();
    for (const byte of [1, 2]) {
      await store.write(`${folder}/a`, [Uint8Array.of(byte)]);
      await Deno.utime(`${folder}/a`, 1e9, 1e9);
      markers.add((await store.stat(`${folder}/a`))!.marker);
    }
    assertEquals(markers.size, 2);
  }));

Deno.test("FileStore.stat() refuses a folder", () =>
  withFolder(async (folder) => {
    await assertRejects(
      () => new FileStore().stat(folder),
      Deno.errors.IsADirectory,
    );
  }));

Deno.test("FileStore.write() leaves no trace when the name is a folder's", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a/b`, { recursive: true });
    await assertRejects(() =>
      new FileStore().write(`${folder}/a`, [Uint8Array.of(1)])
    );
    assertEquals(await countAll(folder), 1);
  }));

Deno.test("FileStore.write() leaves the old file and no trace when the disk is full", (t) =>
  withFolder((folder) =>
    withTmpfs(t, folder, "size=64k", async () => {
      const store = new FileStore();
      await store.write(`${folder}/a`, [Uint8Array.of(1)]);
      const error = await assertRejects(
        () => store.write(`${folder}/a`, [new Uint8Array(100_000)]),
        Error,
      );
      assertEquals((error as { code?: string }).code, "ENOSPC");
      assertEquals(await Deno.readFile(`${folder}/a`), Uint8Array.of(1));
      assertEquals(await countAll(folder), 1);
    })
  ));

Deno.test("FileStore.write() rejects in a read-only file system", (t) =>
  withFolder((folder) =>
    withTmpfs(t, folder, "ro,size=64k", async () => {
      const error = await assertRejects(
        () => new FileStore().write(`${folder}/a`, [Uint8Array.of(1)]),
        Error,
      );
      assertEquals((error as { code?: string }).code, "EROFS");
    })
  ));

Deno.test("FileStore rejects what the user may not read or write", (t) =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a`, "secret");
    await Deno.chmod(`${folder}/a`, 0);
    await Deno.chmod(folder, 0o555);
    const script = `
      import { FileStore } from "${FILE_STORE}";
      const store = new FileStore();
      for (const attempt of [
        () => store.read("${folder}/a"),
        () => store.write("${folder}/b", []),
      ]) console.log(await attempt().then(() => "done", (error) => error.name));`;
    // Without capabilities root is held to a file's mode bits, and still reaches the program's own files.
    const drop = ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"];
    const command = Deno.uid() === 0
      ? ["setpriv", ...drop, Deno.execPath()]
      : [Deno.execPath()];
    try {
      const { success, text } = await execute(
        [...command, "eval", "--no-check", script],
      );
      if (!success) return await skip(t, `cannot drop rights: ${text}`);
      assertEquals(text, "PermissionDenied\nPermissionDenied\n");
    } finally {
      await Deno.chmod(folder, 0o755);
    }
    assertEquals(await countAll(folder), 1);
  }));

Deno.test("FileStore.write() needs no permission outside the folder", () =>
  withFolder(async (folder) => {
    const script = `${folder}/script.ts`;
    await Deno.writeTextFile(
      script,
      `import { FileStore } from "${FILE_STORE}";
      await new FileStore().write("${folder}/out/a", [Uint8Array.of(1)]);`,
    );
    const { text } = await execute([
      Deno.execPath(),
      "run",
      "--config=deno.json",
      "--no-prompt",
      "--no-check",
      `--allow-read=${folder}/out`,
      `--allow-write=${folder}/out`,
      script,
    ]);
    assertEquals(text, "");
    assertEquals(await Deno.readFile(`${folder}/out/a`), Uint8Array.of(1));
  }));

Deno.test("FileStore.write() passes on what flushing fails with, unless there is no flushing", (t) =>
  withFolder(async (folder) => {
    // Takes the place of the C library's fsync; no medium fails when asked to.
    await Deno.writeTextFile(
      `${folder}/fsync.c`,
      `#include <errno.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/stat.h>
      int fsync(int file) {
        struct stat info;
        fstat(file, &info);
        if (strcmp(getenv("FAIL_ON"), S_ISDIR(info.st_mode) ? "folder" : "file")) return 0;
        errno = atoi(getenv("FAIL_WITH"));
        return -1;
      }`,
    );
    const compiled = await execute(
      [
        "cc",
        "-shared",
        "-fPIC",
        "-o",
        `${folder}/fsync.so`,
        `${folder}/fsync.c`,
      ],
    );
    if (!compiled.success) {
      return await skip(t, `cannot compile: ${compiled.text}`);
    }
    await Deno.mkdir(`${folder}/out`);
    const script = `
      import { FileStore } from "${FILE_STORE}";
      const store = new FileStore();
      for (const failOn of ["file", "folder"]) {
        Deno.env.set("FAIL_ON", failOn);
        for (const [name, number] of [["EIO", 5], ["EINVAL", 22], ["ENOSPC", 28], ["ENOTSUP", 95]]) {
          Deno.env.set("FAIL_WITH", String(number));
          const result = await store.write("${folder}/out/a", []).then(() => "written", (error) => error.code);
          console.log(failOn, name, result);
        }
      }`;
    const { text } = await execute(
      [Deno.execPath(), "eval", "--no-check", script],
      { LD_PRELOAD: `${folder}/fsync.so` },
    );
    assertEquals(
      text,
      `file EIO EIO
file EINVAL written
file ENOSPC ENOSPC
file ENOTSUP written
folder EIO EIO
folder EINVAL written
folder ENOSPC ENOSPC
folder ENOTSUP written
`,
    );
    assertEquals(await countAll(`${folder}/out`), 1);
  }));

/** Runs in a small file system of its own, where one can be mounted. */
async function withTmpfs(
  t: Deno.TestContext,
  folder: string,
  options: string,
  run: () => Promise<void>,
): Promise<void> {
  const mounted = await execute(
    ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
  );
  if (!mounted.success) return await skip(t, `cannot mount: ${mounted.text}`);
  try {
    await run();
  } finally {
    await execute(["umount", folder]);
  }
}

/** Runs a program; its output and errors as one text. */
async function execute(
  [program, ...args]: string[],
  env: Record<string, string> = {},
): Promise<{ success: boolean; text: string }> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program!, {
      args,
      env: { NO_COLOR: "1", ...env },
      cwd: new URL("../../../", import.meta.url),
    }).output();
    const decoder = new TextDecoder();
    return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
  } catch (error) {
    return { success: false, text: String(error) };
  }
}

/** Shows in the results why nothing was tested. */
async function skip(t: Deno.TestContext, reason: string): Promise<void> {
  await t.step({ name: reason, ignore: true, fn() {} });
}

async function withFolder(
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function countAll(folder: string): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(folder))).length;
}

Deno.test("FileStore.remove() removes a link and not what it leads to, and refuses a folder", () =>
  withFolder(async (folder) => {
    const store = new FileStore();
    await Deno.writeTextFile(`${folder}/target`, "kept");
    await Deno.symlink(`${folder}/target`, `${folder}/link`);
    await store.remove(`${folder}/link`);
    assertEquals(await Deno.readTextFile(`${folder}/target`), "kept");
    assertEquals(await countAll(folder), 1);
    await Deno.mkdir(`${folder}/below`);
    await assertRejects(
      () => store.remove(`${folder}/below`),
      Deno.errors.IsADirectory,
    );
    assertEquals((await Deno.stat(`${folder}/below`)).isDirectory, true);
  }));

Deno.test("FileStore.remove() leaves its bytes to who has them open", () =>
  withFolder(async (folder) => {
    const store = new FileStore();
    await store.write(`${folder}/a`, [new Uint8Array(5_000_000).fill(7)]);
    const stream = await store.read(`${folder}/a`);
    await store.remove(`${folder}/a`);
    const back = await new Response(stream).bytes();
    assertEquals(back.length, 5_000_000);
    assertEquals(back.every((byte) => byte === 7), true);
  }));

Deno.test("FileStore.list() tells the size of what a link leads to, and the age of the link itself", () =>
  withFolder(async (folder) => {
    const store = new FileStore();
    await Deno.writeTextFile(`${folder}/target`, "eight...");
    await Deno.utime(`${folder}/target`, 1, 1);
    await Deno.symlink(`${folder}/target`, `${folder}/link`);
    await Deno.symlink("nowhere", `${folder}/lost`);
    const [link, lost] = await entriesIn(store, folder);
    assertEquals([link!.name, link!.size], ["link", 8]);
    assert(link!.modified > new Date(1000));
    assertEquals([lost!.name, lost!.size], ["lost", "nowhere".length]);
  }));
