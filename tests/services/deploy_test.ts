/**
 * `serve/deploy.ts` with its artifact in an object store or on the web, on this version of Deno and on the oldest.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { SILENT } from "../../core/config/events.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { storesFromEnv } from "../../core/storage/stores_from_env.ts";
import { uriPermissions } from "../../core/storage/uri_permissions.ts";
import { eventsOf } from "../e2e/train_run.ts";
import { freePort } from "../serve/serve_command.ts";
import { shopArtifact, SIGNING_KEYS } from "../serve/shop.ts";
import { WebHost } from "../serve/web_host.ts";
import { CLOUDS } from "./clouds.ts";
import { olderDeno } from "./older_deno.ts";

const DEPLOY = fromFileUrl(import.meta.resolve("../../serve/deploy.ts"));
const CONFIG = fromFileUrl(import.meta.resolve("../../deno.json"));
const FIRST = "2026-01-01T00:00:00Z";
const SECOND = "2026-02-02T00:00:00Z";
/** Together the items have a hundred megabytes of text. */
const ITEMS = 50_000;
const ABOUT = "about this item ".repeat(128);
/** Memory of the smallest instance of Deno Deploy. */
const MOST_MEMORY = 512e6;

const DENOS: Readonly<Record<string, () => Promise<string>>> = {
  "this Deno": () => Promise.resolve(Deno.execPath()),
  "Deno 2.5": olderDeno,
};

/** Where artifacts lie, and what a server needs to read them there. */
interface Shelf extends AsyncDisposable {
  readonly uri: string;
  readonly env: Readonly<Record<string, string>>;
  put(bytes: Uint8Array): Promise<unknown>;
}

const SHELVES: Readonly<
  Record<string, (t: Deno.TestContext) => Promise<Shelf | null>>
> = {
  "in an object store": async () => {
    const cloud = await CLOUDS.s3!();
    const uri = `${cloud.root}/shop.recotem`;
    const store = createStore(
      storesFromEnv(new Map(Object.entries(cloud.env)), {
        maxDownloadBytes: 0,
        events: SILENT,
      }),
    );
    return {
      uri,
      env: cloud.env,
      put: (bytes) => store.write(uri, [bytes]),
      [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
    };
  },
  "on the web": async (t) => {
    const host = await WebHost.start(t);
    return host && {
      uri: `https://${host.place}/shop.recotem`,
      env: host.env,
      put: (bytes) => {
        host.files.set("/shop.recotem", bytes);
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
    };
  },
};

async function publish(shelf: Shelf, trainedAt: string): Promise<void> {
  const scores: Record<string, number> = {};
  for (let i = 0; i < ITEMS; i++) scores[`i${String(i).padStart(5, "0")}`] = i;
  const values = new Array(ITEMS).fill(ABOUT);
  const fields = [{ name: "about", type: "text" as const, values }];
  const bytes = await shopArtifact({ trainedAt, scores, fields });
  assert(bytes.length > 100e6);
  await shelf.put(bytes);
}

function hosted(
  deno: string,
  folder: string,
  port: number,
  { uri, env }: Shelf,
): Deno.ChildProcess {
  const needs = uriPermissions(uri, new Map(Object.entries(env)));
  return new Deno.Command(deno, {
    args: [
      "serve",
      "--quiet",
      "--no-prompt",
      "--no-check",
      `--config=${CONFIG}`,
      "--host=127.0.0.1",
      `--port=${port}`,
      `--allow-read=${folder}`,
      `--allow-net=${needs.net}`,
      `--allow-env=${["RECOTEM_*", ...needs.env]}`,
      DEPLOY,
    ],
    cwd: folder,
    env: {
      ...env,
      NO_COLOR: "1",
      RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
      RECOTEM_WATCH_INTERVAL: "1",
      RECOTEM_ENV: "test",
    },
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

async function trainedAt(port: number): Promise<string | null> {
  const body = '{"user_id":"ann","cutoff":1}';
  try {
    const url = `http://127.0.0.1:${port}/predict/shop`;
    const response = await fetch(url, { method: "POST", body });
    return (await response.json()).model.trained_at;
  } catch {
    return null;
  }
}

async function until(wanted: string, port: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await trainedAt(port) === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No answer of the model trained at ${wanted}`);
}

async function highestMemory(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)![1]);
}

for (const [name, deno] of Object.entries(DENOS)) {
  for (const [where, make] of Object.entries(SHELVES)) {
    Deno.test(`deploy.ts on ${name} swaps 100 MB by ETag ${where}, within 512 MB, and stops at SIGINT`, async (t) => {
      const executable = await deno();
      await using shelf = await make(t);
      if (shelf === null) return;
      const folder = await Deno.realPath(await Deno.makeTempDir());
      await publish(shelf, FIRST);
      await Deno.mkdir(`${folder}/recipes`);
      await Deno.writeTextFile(
        `${folder}/recipes/shop.yaml`,
        `
name: shop
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: "${shelf.uri}" }
`,
      );
      const port = freePort();
      const process = hosted(executable, folder, port, shelf);
      const events = Array.fromAsync(eventsOf(process));
      try {
        await until(FIRST, port);
        await publish(shelf, SECOND);
        await until(SECOND, port);
        const highest = await highestMemory(process.pid);
        assertLess(highest, MOST_MEMORY);
        process.kill("SIGINT");
        assertEquals((await process.status).code, 0);
        const told = await events;
        const swaps = told.filter(({ event }) =>
          event === "artifact_hot_swapped"
        );
        assertEquals(swaps.length, 1);
        assertEquals(told.filter(({ level }) => level === "error"), []);
        if (Deno.env.has("RECOTEM_SHOW_MEMORY")) {
          const line = `${name}, ${where}: ${
            (highest / 1e6).toFixed(0)
          } MB at the most\n`;
          Deno.stdout.writeSync(new TextEncoder().encode(line));
        }
      } finally {
        try {
          process.kill("SIGKILL");
        } catch {
          // It has ended.
        }
        await Deno.remove(folder, { recursive: true });
      }
    });
  }
}
