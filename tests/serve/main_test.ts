import { assert, assertEquals, assertMatch } from "@std/assert";
import { namesOf, type Told } from "../e2e/train_run.ts";
import { serveCommand } from "./serve_command.ts";
import { KEYS, SIGNING_KEYS } from "./shop.ts";
import { answerOn, emptyFolder, ToldServer, write } from "./told_server.ts";

const DIGEST = "0a".repeat(32);

/** A server that must not start. */
interface Refusal {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly exit: number;
  readonly says: RegExp;
  /** `signing_key_status` of the posture; null where there is no posture yet. */
  readonly status: string | null;
}

/** Asserts that a server does not start, says why in one line, and shows no key; returns what it told. */
async function assertRefused(
  { argv, env = {}, port = 65_000, exit, says, status }: Refusal,
): Promise<Told[]> {
  await using folder = await emptyFolder();
  const { code, stderr } = await serveCommand({
    folder: folder.path,
    port,
    env,
    stderr: "piped",
    // Should it start after all.
    signal: AbortSignal.timeout(20_000),
    ...(argv && { argv }),
  }).output();
  const text = new TextDecoder().decode(stderr);
  assertEquals(code, exit, text);
  for (const secret of [SIGNING_KEYS.slice(5), DIGEST, "5a5a", "Zq7"]) {
    assert(!text.includes(secret), text);
  }
  const told = text.trimEnd().split("\n").map((line): Told => JSON.parse(line));
  const errors = told.filter(({ level }) => level === "error");
  assertEquals(errors.length, 1, text);
  assertEquals(told.at(-1), errors[0]);
  assertEquals(errors[0]!.exit_code, exit);
  assertMatch(String(errors[0]!.error), says);
  assertMatch(String(errors[0]!.error), /^Error: [^\n]+$/);
  const posture = told.find(({ event }) => event === "security.posture");
  assertEquals(posture?.signing_key_status ?? null, status);
  return told;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  "without signing keys": {
    env: { RECOTEM_SIGNING_KEYS: "" },
    exit: 8,
    says: /RECOTEM_SIGNING_KEYS is not set/,
    status: "missing",
  },
  "with malformed signing keys": {
    env: { RECOTEM_SIGNING_KEYS: "a:5a5a" },
    exit: 8,
    says: /RECOTEM_SIGNING_KEYS entry 1 has a key of 4 hex digits/,
    status: "construction_failed",
  },
  "with malformed API keys": {
    env: { RECOTEM_API_KEYS: `a:sha256:${DIGEST},Zq7` },
    exit: 8,
    says: /RECOTEM_API_KEYS entry 2 is malformed/,
    status: null,
  },
  "with unsafe flags where they are not allowed": {
    argv: ["--recipes", "recipes", "--insecure-no-auth"],
    env: { RECOTEM_ENV: "production" },
    exit: 8,
    says: /--insecure-no-auth works only where/,
    status: "configured",
  },
  "without a folder of recipes": {
    argv: ["--recipes", "none"],
    exit: 2,
    says: /recipes folder none cannot be read/,
    status: "configured",
  },
};

for (const [what, refusal] of Object.entries(REFUSALS)) {
  Deno.test(`main() does not start ${what}: exit ${refusal.exit}`, async () => {
    await assertRefused(refusal);
  });
}

Deno.test("main() does not start on a port that is taken: exit 8, one error", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const told = await assertRefused({
    port,
    exit: 8,
    says: new RegExp(`Cannot listen on 127.0.0.1 port ${port} \\(AddrInUse\\)`),
    status: "configured",
  });
  assertEquals(told.at(-1)!.event, "serve_bind_failed");
});

Deno.test("main() says in one line of text what is wrong with flags and log format", async () => {
  await using folder = await emptyFolder();
  for (
    const [argv, env, exit, says] of [
      [["--recips", "a"], {}, 2, /^Error: .*--recips.*\n$/],
      [["--recipes", "recipes", "--port", "0"], {}, 8, /^Error: .*port.*\n$/],
      [
        undefined,
        { RECOTEM_LOG_FORMAT: "loud" },
        8,
        /^Error: RECOTEM_LOG_F.*\n$/,
      ],
    ] as const
  ) {
    const { code, stderr } = await serveCommand({
      folder: folder.path,
      port: 65_000,
      env,
      stderr: "piped",
      ...(argv && { argv }),
    }).output();
    assertMatch(new TextDecoder().decode(stderr), says);
    assertEquals(code, exit);
  }
});

Deno.test("main() lets a request under way at SIGTERM come to its end, waits for no idle connection, and exits with 0", async () => {
  await using server = await ToldServer.start();
  using idle = await server.connect();
  await write(idle, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await idle.read(new Uint8Array(1000));
  const body = '{"user_id":"ann"}';
  const slow = await server.ask(body.slice(0, 5), body.length);
  await server.until("auth_anonymous_bypass_first_seen");

  server.signal();
  await server.until("serve_shutdown");
  await server.until("artifact_watcher_stopped");
  await write(slow, body.slice(5));
  const answer = await answerOn(slow);
  assertMatch(answer, /^HTTP\/1\.1 200 OK\r\n/);
  assertMatch(answer, /"item_id":"bread"/);
  assertEquals(await server.end(), 0);
  assertEquals(server.told.at(-1)!.event, "serve_terminated");
});

Deno.test("main() cuts requests off at the end of the drain time, and exits with 0", async () => {
  await using server = await ToldServer.start({ RECOTEM_DRAIN_SECONDS: "1" });
  const slow = await server.ask("{", 100);
  await server.until("auth_anonymous_bypass_first_seen");
  server.signal();
  const answer = await answerOn(slow);
  assert(!answer.includes(" 200 "), answer);
  assertEquals(await server.end(), 0);
  assertEquals(namesOf(server.told).slice(-2), [
    "artifact_watcher_stopped",
    "serve_terminated",
  ]);
});

Deno.test("main() tells at start what protects the server, in this order, and of keys only fingerprints", async () => {
  await using server = await ToldServer.start({
    RECOTEM_API_KEYS: `one:sha256:${DIGEST}`,
  });
  assertEquals(namesOf(server.told), [
    "signing_keyring_built",
    "security.posture",
    "recipe_loaded",
    "recipes_directory_loaded_lenient",
    "recipe_loaded",
    "startup_artifact_load_complete",
    "artifact_watcher_started",
    "serve_listening",
  ]);
  const posture = server.told[1]!;
  const { kid, fingerprint } = KEYS.entries[0]!;
  assertEquals(
    [posture.auth_enabled, posture.signing_key_status, posture.signing_keys],
    [true, "configured", [{ kid, fingerprint }]],
  );
  const { wall_seconds, timestamp: _, ...loaded } = server.told[5]!;
  assertEquals(loaded, {
    event: "startup_artifact_load_complete",
    level: "info",
    total_recipes: 1,
    succeeded: 1,
    failed: 0,
    max_workers: 1,
  });
  assert(typeof wall_seconds === "number");
  server.signal();
  assertEquals(await server.end(), 0);
  const text = JSON.stringify(server.told);
  for (const secret of [SIGNING_KEYS.slice(5), DIGEST]) {
    assert(!text.includes(secret), text);
  }
});

Deno.test("main() answers 422 to a request that breaks off, 413 to one that is too large, and takes neither for a fault", async () => {
  await using server = await ToldServer.start();
  const cut = await server.ask('{"user_id":', 100);
  await cut.closeWrite();
  assertMatch(await answerOn(cut), /^HTTP\/1\.1 422 [^]*"json_invalid"/);
  const body = new Uint8Array(2 ** 22).fill(0x20);
  for (const sent of [body, ReadableStream.from([body])]) {
    const response = await fetch(
      `http://127.0.0.1:${server.port}/predict/shop`,
      { method: "POST", body: sent },
    );
    assertEquals(response.status, 413);
    assertEquals((await response.json()).code, "body_too_large");
  }
  server.signal();
  assertEquals(await server.end(), 0);
  assertEquals(server.told.filter(({ level }) => level === "error"), []);
});

Deno.test("main() answers verbs, metrics and the API's document within its permissions", async () => {
  await using server = await ToldServer.start({
    RECOTEM_ENV: "test",
    RECOTEM_METRICS_ENABLED: "true",
  });
  async function ask(path: string, body?: unknown): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      ...(body !== undefined &&
        { method: "POST", body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assertEquals(response.status, 200, text);
    return text;
  }
  const one = await ask("/v1/recipes/shop:recommend", { user_id: "ann" });
  assertMatch(
    one,
    /"model_version":"sha256:[0-9a-f]{64}","items":\[\{"item_id":"bread"/,
  );
  const many = await ask("/v1/recipes/shop:batch-recommend-related", {
    requests: [{ seed_items: ["bread"] }, {}],
  });
  assertMatch(many, /"status":"ok".*"status":"error"/);
  const recipe = JSON.parse(await ask("/v1/recipes/shop"));
  assertMatch(recipe.loaded_at, /^20\d\d-\d\d-\d\dT[\d:]{8}Z$/);
  assertEquals(recipe.algorithms, ["TopPop"]);
  const metrics = await ask("/v1/metrics");
  assertMatch(
    metrics,
    /^recotem_v1_requests_total\{recipe="shop",verb="recommend",status="ok"\} 1$/m,
  );
  assertMatch(await ask("/openapi.json"), /"openapi":"3\.1/);
  assertMatch(await ask("/docs"), /^<!doctype html>/);
  server.signal();
  assertEquals(await server.end(), 0);
  assertEquals(server.told.filter(({ level }) => level === "error"), []);
});

Deno.test("main() with --reuse-port starts beside a server on the port, and answers on when that one ends", async () => {
  const sharing: typeof serveCommand = (options) =>
    serveCommand({
      ...options,
      features: ["--unstable-net"],
      argv: ["--recipes", "recipes", "--reuse-port"],
    });
  await using first = await ToldServer.start({}, sharing);
  const before = await first.trainedAt();
  await using second = await ToldServer.start({}, sharing, first.port);
  first.signal();
  assertEquals(await first.end(), 0);
  assertEquals(await second.trainedAt(), before);
  second.signal();
  assertEquals(await second.end(), 0);
});

// Connections that wait in the queue of a listener when it closes are lost; what is asked of a server that drains is not.
Deno.test("main() with --reuse-port loses no request under way when one of two servers ends", async () => {
  const sharing: typeof serveCommand = (options) =>
    serveCommand({
      ...options,
      features: ["--unstable-net"],
      argv: ["--recipes", "recipes", "--reuse-port"],
    });
  await using first = await ToldServer.start({}, sharing);
  await using second = await ToldServer.start({}, sharing, first.port);
  const stop = new AbortController();
  async function ask(): Promise<number> {
    let count = 0;
    for (; !stop.signal.aborted; count++) await first.trainedAt();
    return count;
  }
  const load = Array.from({ length: 4 }, ask);
  await new Promise((resolve) => setTimeout(resolve, 100));
  first.signal();
  assertEquals(await first.end(), 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop.abort();
  const counts = await Promise.all(load);
  assert(counts.every((count) => count > 0));
  second.signal();
  assertEquals(await second.end(), 0);
});
