/** How long {@linkcode HttpsArtifactStore} waits, and when it lets go of a connection. */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { RecotemError } from "../../../core/errors.ts";
import { deadline } from "../../../core/std/async.ts";
import { hostTest } from "./artifact_host.ts";
import { readAll } from "./store_contract.ts";

const FULL = "x".repeat(2 ** 18);

/** Waits, in milliseconds. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Sends parts of a body with a pause before each. */
async function* slowly(
  parts: readonly string[],
  ms: number,
): AsyncGenerator<string> {
  yield `HTTP/1.1 200 X\r\ncontent-length: ${parts.join("").length}\r\n\r\n`;
  for (const part of parts) {
    await pause(ms);
    yield part;
  }
}

hostTest(
  "takes longer than the deadline for a body that comes steadily",
  async (host) => {
    const parts = Array.from({ length: 5 }, () => FULL);
    host.faults.push(slowly(parts, 250));
    assertEquals((await host.read()).length, 5 * FULL.length);
  },
  { timeoutSeconds: 1 },
);

hostTest("gives up a body that drips", async (host) => {
  host.faults.push(slowly([..."0123456789"], 50));
  await assertRejects(
    () => host.read(),
    RecotemError,
    "shop.recotem took longer than 0.2 s",
  );
}, { timeoutSeconds: 0.2 });

hostTest(
  "gives up a name that is not resolved in time",
  async (host) => {
    for (const run of [() => host.store.stat(host.uri), () => host.read()]) {
      await assertRejects(run, RecotemError, "took longer than 0.1 s");
    }
  },
  { timeoutSeconds: 0.1, lookup: () => {} },
);

hostTest(
  "closes the connection of a body that is cancelled before anything was read",
  async (host) => {
    const closed = Promise.withResolvers<void>();
    async function* endless(): AsyncGenerator<string> {
      try {
        yield "HTTP/1.1 200 X\r\n\r\n";
        for (;;) {
          await pause(1);
          yield "x";
        }
      } finally {
        closed.resolve();
      }
    }
    host.faults.push(endless());
    const stream = await host.store.read(host.uri);
    await stream.cancel();
    await deadline(closed.promise, 3000);
  },
);

hostTest("gives up at the deadline, and when it is told to", async (host) => {
  async function* never(): AsyncGenerator<string> {
    yield "HTTP/1.1 200 X\r\ncontent-length: 10\r\netag: 1\r\n\r\n01234";
    await pause(500);
  }
  host.faults.push(never());
  const error = await assertRejects(() => host.read(), RecotemError);
  assertMatch(error.message, /took longer than 0\.2 s/);
  host.faults.push(never());
  const reason = new Error("no more");
  const stop = new AbortController();
  setTimeout(() => stop.abort(reason), 20);
  const stopped = await assertRejects(
    () => readAll(host.store, host.uri, { signal: stop.signal }),
  );
  assertEquals(stopped, reason);
}, { timeoutSeconds: 0.2 });
