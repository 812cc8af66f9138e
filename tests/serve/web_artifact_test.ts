/** Servers of artifacts that lie on the web, in processes of their own. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Audit, compareWithGrants } from "../audit.ts";
import { eventsOf } from "../e2e/train_run.ts";
import { freePort, hostedCommand } from "./serve_command.ts";
import { shopArtifact, SIGNING_KEYS } from "./shop.ts";
import { emptyFolder } from "./told_server.ts";
import { WebHost } from "./web_host.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));
const SECOND = "2026-06-05T04:03:02Z";
const POINTER = new TextEncoder().encode("shop.2.recotem\n");

function recipe(uri: string): string {
  return `
name: shop
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: "${uri}" }
`;
}

/** When the model that answers was trained. */
async function trainedAt(port: number): Promise<string | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/predict/shop`, {
      method: "POST",
      body: '{"user_id":"ann"}',
    });
    return (await response.json()).model?.trained_at ?? null;
  } catch {
    return null;
  }
}

/** Asks until the answer is as it should be. */
async function until(port: number, wanted: string): Promise<void> {
  while (await trainedAt(port) !== wanted) {
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

// Looks are a second apart at the least.
Deno.test("recotem serve takes an artifact from the web, swaps it by ETag, and reaches that host and no other", async (t) => {
  await using host = await WebHost.start(t);
  if (host === null) return;
  await using folder = await emptyFolder();
  await Deno.writeTextFile(
    `${folder.path}/recipes/shop.yaml`,
    recipe(`https://${host.place}/models/shop.recotem`),
  );
  host.files.set("/models/shop.recotem", await shopArtifact());
  using audit = new Audit();
  const port = freePort();
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "serve", "--recipes", "recipes"],
    cwd: folder.path,
    env: {
      ...host.env,
      ...audit.env,
      RECOTEM_PORT: String(port),
      RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
      RECOTEM_WATCH_INTERVAL: "1",
    },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const events = Array.fromAsync(eventsOf(process));
  try {
    await until(port, "2026-05-04T03:02:01Z");
    const sent = host.sent;
    // Now a pointer, to an artifact beside it.
    host.files.set(
      "/models/shop.2.recotem",
      await shopArtifact({ trainedAt: SECOND }),
    );
    const before = host.answered.length;
    while (host.answered.length < before + 2) {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    // A look at what has not changed costs no byte.
    assertEquals(host.sent, sent);
    assertMatch(host.answered.at(-1)!, / (304|404)$/);
    host.files.set("/models/shop.recotem", POINTER);
    await until(port, SECOND);
    host.files.clear();
    await until(port, SECOND);
    assert(host.answered.every((line) => line.startsWith("GET ")));
  } finally {
    process.kill("SIGTERM");
  }
  assertEquals((await process.status).code, 0);
  const told = await events;
  assertEquals(
    told.filter(({ event }) => event === "artifact_hot_swapped").length,
    1,
  );
  assertEquals(
    compareWithGrants(audit.asked(), {
      read: ["recipes"],
      write: [],
      net: [`127.0.0.1:${port}`, host.place],
      env: ["RECOTEM_*"],
    }, folder.path),
    { refused: [], unused: [] },
  );
});

Deno.test("deploy.ts takes an artifact from the web, looks again because a request comes, and refuses a forged one", async (t) => {
  await using host = await WebHost.start(t);
  if (host === null) return;
  await using folder = await emptyFolder();
  await Deno.writeTextFile(
    `${folder.path}/recipes/shop.yaml`,
    recipe(`https://${host.place}/shop.recotem`),
  );
  const first = await shopArtifact();
  host.files.set("/shop.recotem", first);
  const port = freePort();
  const process = hostedCommand({
    folder: folder.path,
    port,
    env: host.env,
    features: [`--allow-net=${host.place}`],
    stderr: "piped",
  }).spawn();
  const events = Array.fromAsync(eventsOf(process));
  try {
    await until(port, "2026-05-04T03:02:01Z");
    const forged = first.slice();
    forged[forged.length - 1]! ^= 1;
    host.files.set("/shop.recotem", forged);
    const health = async (): Promise<number> => {
      const response = await fetch(`http://127.0.0.1:${port}/health`);
      await response.body?.cancel();
      return response.status;
    };
    while (await health() === 200) {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    assertEquals(await trainedAt(port), "2026-05-04T03:02:01Z");
    host.files.set(
      "/shop.recotem",
      await shopArtifact({ trainedAt: SECOND }),
    );
    await until(port, SECOND);
    assertEquals(await health(), 200);
    // Nobody asks, so nobody looks.
    const before = host.answered.length;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assertEquals(host.answered.length, before);
  } finally {
    process.kill("SIGINT");
  }
  assertEquals((await process.status).code, 0);
  const failed = (await events).filter(({ event }) =>
    event === "artifact_load_failed"
  );
  assertEquals(failed.map(({ reason }) => reason), ["hmac"]);
});

Deno.test("recotem train and validate refuse an output on the web, in one line that says where it may lie", async () => {
  await using folder = await emptyFolder();
  await Deno.writeTextFile(
    `${folder.path}/shop.yaml`,
    recipe("https://models.example/shop.recotem"),
  );
  for (const command of ["train", "validate"]) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", MAIN, command, "shop.yaml"],
      cwd: folder.path,
      env: { NO_COLOR: "1", RECOTEM_SIGNING_KEYS: SIGNING_KEYS },
      stdout: "null",
    }).output();
    assertEquals(code, 2);
    assertMatch(
      new TextDecoder().decode(stderr),
      /shop\.yaml:6:\d+: Key output\.path is on the web, where servers may read an artifact and training cannot publish one: it must be a path or the URI of an object store/,
    );
  }
});
