import { assert, assertEquals, assertRejects } from "@std/assert";
import { toFileUrl } from "@std/path";
import { RecotemError } from "../../core/errors.ts";
import { acquireLock, type LockOptions } from "../../train/lock.ts";
import { recordEvents } from "../core/record_events.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Runs in a folder of its own with an output in it. */
function test(
  name: string,
  run: (place: { folder: string; output: string }) => Promise<void>,
): void {
  Deno.test(`acquireLock() ${name}`, async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    try {
      await run({ folder, output: `${folder}/books.recotem` });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

function options(
  changes: Partial<LockOptions> = {},
): LockOptions & { events: ReturnType<typeof recordEvents> } {
  return {
    timeoutSeconds: 0,
    failOnBusy: false,
    lockDir: "/nowhere",
    signal: new AbortController().signal,
    ...changes,
    events: recordEvents(),
  };
}

/** The lock of an output that nobody else holds. */
async function lockOf(output: string): Promise<Disposable> {
  const lock = await acquireLock(output, options());
  if (lock === null) throw new Error("The lock is held");
  return lock;
}

async function refusal(
  output: string,
  given: LockOptions,
): Promise<RecotemError> {
  return await assertRejects(() => acquireLock(output, given), RecotemError);
}

test("holds a file beside the output that no one else may read, and leaves it there", async ({ output }) => {
  {
    using _lock = await lockOf(output);
    const { mode, size } = await Deno.stat(`${output}.lock`);
    assertEquals([mode! & 0o777, size], [0o600, 0]);
  }
  assert((await Deno.stat(`${output}.lock`)).isFile);
  using _again = await lockOf(output);
});

test("makes the output's folder", async ({ folder }) => {
  using _lock = await lockOf(`${folder}/new/models/books.recotem`);
  assert((await Deno.stat(`${folder}/new/models`)).isDirectory);
});

test("skips quietly when another run holds the lock", async ({ output }) => {
  using _held = await lockOf(output);
  const given = options();
  assertEquals(await acquireLock(output, given), null);
  assertEquals(given.events.seen, [
    ["info", "recipe_lock_contended_skipping", { path: `${output}.lock` }],
  ]);
});

test("holds one output only", async ({ folder }) => {
  using _books = await lockOf(`${folder}/books.recotem`);
  using _films = await lockOf(`${folder}/films.recotem`);
});

test("refuses a held lock with failOnBusy", async ({ output }) => {
  using _held = await lockOf(output);
  const given = options({ failOnBusy: true });
  const error = await refusal(output, given);
  assertEquals([error.code, error.exitCode], ["lock_contested", 6]);
  assertEquals(given.events.seen, []);
});

for (const failOnBusy of [true, false]) {
  test(`refuses a lock that is still held after the time, failOnBusy ${failOnBusy}`, async ({ output }) => {
    using _held = await lockOf(output);
    const given = options({ timeoutSeconds: 0.06, failOnBusy });
    const error = await refusal(output, given);
    assertEquals([error.code, error.exitCode], ["lock_timeout", 6]);
    const [[level, event, fields] = []] = given.events.seen;
    assertEquals([level, event], ["warn", "recipe_lock_timeout"]);
    assertEquals(fields?.path, `${output}.lock`);
    assert(Number(fields?.waited_seconds) >= 0.06);
  });
}

for (const timeoutSeconds of [30, -1]) {
  test(`waits for a lock that becomes free, timeout ${timeoutSeconds}`, async ({ output }) => {
    const held = await lockOf(output);
    const waiting = acquireLock(output, options({ timeoutSeconds }));
    const early = await Promise.race([
      waiting,
      new Promise((resolve) => setTimeout(resolve, 20, "still waiting")),
    ]);
    assertEquals(early, "still waiting");
    held[Symbol.dispose]();
    using lock = await waiting;
    assert(lock !== null);
    assertEquals(await acquireLock(output, options()), null);
  });
}

test("stops waiting at the signal", async ({ output }) => {
  using _held = await lockOf(output);
  const stop = new AbortController();
  const waiting = acquireLock(
    output,
    options({ timeoutSeconds: -1, signal: stop.signal }),
  );
  stop.abort(new Error("SIGTERM"));
  await assertRejects(() => waiting, Error, "SIGTERM");
});

test("is free again when the process that held it was killed", async ({ folder, output }) => {
  await Deno.writeTextFile(
    `${folder}/holder.ts`,
    `import { acquireLock } from "${
      import.meta.resolve("../../train/lock.ts")
    }";
    globalThis.lock = await acquireLock(Deno.args[0], { timeoutSeconds: 0 });
    console.log("held");
    setInterval(() => {}, 1000);`,
  );
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `--config=${CONFIG}`, `${folder}/holder.ts`, output],
    stdout: "piped",
  }).spawn();
  let said = "";
  for await (
    const text of process.stdout.pipeThrough(new TextDecoderStream())
  ) {
    said += text;
    assertEquals(await acquireLock(output, options()), null);
    process.kill("SIGKILL");
  }
  await process.status;
  assertEquals(said, "held\n");
  using _lock = await lockOf(output);
});

for (const dangling of [true, false]) {
  test(`refuses a symbolic link, ${dangling ? "to nothing" : "to a file"}, and leaves what it leads to`, async ({ folder, output }) => {
    const target = `${folder}/target`;
    if (!dangling) await Deno.writeTextFile(target, "precious");
    await Deno.symlink(target, `${output}.lock`);
    const given = options();
    const error = await refusal(output, given);
    assertEquals([error.code, error.exitCode], ["internal_error", 1]);
    assertEquals(given.events.seen, [
      ["warn", "recipe_lock_unsafe_symlink", { path: `${output}.lock` }],
    ]);
    const text = await Deno.readTextFile(target).catch(() => null);
    assertEquals(text, dangling ? null : "precious");
  });
}

test("finds the path of a file URI, so that both spellings are one lock", async ({ output }) => {
  using _held = await lockOf(output);
  for (const uri of [toFileUrl(output).href, `FILE://localhost${output}`]) {
    assertEquals(await acquireLock(uri, options()), null);
  }
  const here = await Array.fromAsync(Deno.readDir("."));
  assert(!here.some(({ name }) => name.startsWith("file:")));
});

test("holds a file in the lock folder for an output elsewhere, and tells that it binds this machine only", async ({ folder }) => {
  const given = options({ lockDir: `${folder}/locks` });
  using _lock = await acquireLock("s3://bucket/books.recotem", given);
  // printf 's3://bucket/books.recotem' | sha256sum
  const path =
    `${folder}/locks/b406b33f7295607649aa8a970f0c92a565a20cfaa1a1f6a15aa5920039d4045e.lock`;
  assertEquals(given.events.seen, [
    ["warn", "recipe_lock_local_only", { path }],
  ]);
  assert((await Deno.stat(path)).isFile);
});

test("refuses an output below a file, as one that cannot be written", async ({ folder }) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  const error = await refusal(`${folder}/file/books.recotem`, options());
  assertEquals([error.code, error.exitCode], ["artifact_error", 5]);
  assert(!error.message.includes("\n"));
});

test("refuses a folder in the lock's place", async ({ output }) => {
  await Deno.mkdir(`${output}.lock`);
  const error = await refusal(output, options());
  assertEquals([error.code, error.exitCode], ["artifact_error", 5]);
});
