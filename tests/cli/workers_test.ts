/** `recotem serve --workers`, over the real command line. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { eventsOf, type Told } from "../e2e/train_run.ts";
import { freePort } from "../serve/serve_command.ts";
import { shopArtifact, SIGNING_KEYS } from "../serve/shop.ts";
import { emptyFolder } from "../serve/told_server.ts";
import { recotem } from "./recotem.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

async function shopFolder(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await emptyFolder();
  await Deno.writeTextFile(
    `${folder.path}/recipes/shop.yaml`,
    `
name: shop
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: shop.recotem }
`,
  );
  await Deno.writeFile(`${folder.path}/shop.recotem`, await shopArtifact());
  return folder;
}

/** Serves the recipes of a folder by two workers. */
function startTwo(
  cwd: string,
  port: number,
  deno: string = Deno.execPath(),
): Deno.ChildProcess {
  return new Deno.Command(deno, {
    args: [
      ...["run", "-A", MAIN, "serve", "--recipes", "recipes"],
      ...["--workers", "2"],
    ],
    cwd,
    env: {
      RECOTEM_PORT: String(port),
      RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
      RECOTEM_METRICS_ENABLED: "1",
    },
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** Processes that this one has started. */
async function childrenOf(pid: number): Promise<number[]> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const text = await Deno.readTextFile(path);
  return text.split(" ").filter((id) => id !== "").map(Number);
}

/** The number of the worker that answers on a connection of its own; null while none does. */
async function workerOn(port: number): Promise<string | null> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const url = `http://127.0.0.1:${port}/metrics`;
  try {
    const response = await fetch(url, { client });
    return /^recotem_active_recipes\{.*worker="(\d)"/m
      .exec(await response.text())?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Asks until all of the workers have answered. */
async function untilAnsweredBy(
  port: number,
  workers: readonly string[],
): Promise<void> {
  const left = new Set(workers);
  while (left.size > 0) {
    const worker = await workerOn(port);
    if (worker !== null) left.delete(worker);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

Deno.test("recotem serve --workers answers from several processes on one port, starts again what dies, and stops all at SIGTERM", async () => {
  await using folder = await shopFolder();
  const port = freePort();
  const process = startTwo(folder.path, port);
  const events = Array.fromAsync(eventsOf(process));
  await untilAnsweredBy(port, ["1", "2"]);
  const before = await childrenOf(process.pid);
  assertEquals(before.length, 2);
  Deno.kill(before[0]!, "SIGKILL");
  // The other one answers meanwhile.
  while (await workerOn(port) === null);
  while ((await childrenOf(process.pid)).length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await untilAnsweredBy(port, ["1", "2"]);
  const after = await childrenOf(process.pid);
  assert(after.includes(before[1]!) && !after.includes(before[0]!));
  process.kill("SIGTERM");
  assertEquals((await process.status).code, 0);
  for (const pid of after) {
    const gone = await Deno.stat(`/proc/${pid}`).catch(() => null);
    assertEquals(gone, null);
  }
  const told = await events;
  const [ended, ...more] = told.filter(({ event }) =>
    event === "serve_worker_ended"
  );
  assertEquals(more, []);
  assertEquals([ended!.signal, ended!.exit_code], ["SIGKILL", 137]);
  const stopped = told.filter(({ event }) => event === "serve_terminated");
  assertEquals(stopped.length, 2);
});

Deno.test("recotem serve --workers goes on when a worker cannot be started again, and starts it once it can", async () => {
  await using folder = await shopFolder();
  const port = freePort();
  // The workers are started by the path of what runs the command, which is then taken away for a while.
  const [deno, away] = [`${folder.path}/deno`, `${folder.path}/away`];
  await Deno.link(Deno.execPath(), deno)
    .catch(() => Deno.copyFile(Deno.execPath(), deno));
  const process = startTwo(folder.path, port, deno);
  const events = eventsOf(process);
  const told: Told[] = [];
  async function untilWorkerEnded(): Promise<Told> {
    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error("It ended");
      if (value.event === "serve_worker_ended") return value;
      told.push(value);
    }
  }
  await untilAnsweredBy(port, ["1", "2"]);
  const [first] = await childrenOf(process.pid);
  await Deno.rename(deno, away);
  Deno.kill(first!, "SIGKILL");
  assertEquals((await untilWorkerEnded()).signal, "SIGKILL");
  const missed = await untilWorkerEnded();
  assertEquals([missed.exit_code, missed.restart_seconds], [null, 1]);
  assertMatch(String(missed.error), /deno/);
  while (await workerOn(port) === null);
  await Deno.rename(away, deno);
  await untilAnsweredBy(port, ["1", "2"]);
  process.kill("SIGTERM");
  for await (const event of events) told.push(event);
  assertEquals((await process.status).code, 0);
  const stopped = told.filter(({ event }) => event === "serve_terminated");
  assertEquals(stopped.length, 2);
});

Deno.test("recotem serve --workers ends with the exit code of a worker that cannot start", async () => {
  await using folder = await shopFolder();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { code, err } = await recotem(
    ["serve", "--recipes", "recipes", "--workers", "2"],
    {
      cwd: folder.path,
      env: {
        RECOTEM_PORT: String(taken.addr.port),
        RECOTEM_SIGNING_KEYS: SIGNING_KEYS,
      },
    },
  );
  assertEquals(code, 8);
  assertMatch(err, /serve_bind_failed/);
  assertEquals(/serve_worker_ended/.test(err), false);
});

Deno.test("recotem compile refuses --workers, which one executable cannot be", async () => {
  const { code, err } = await recotem([
    ...["compile", "serve", "--recipes", "recipes", "--workers", "2"],
  ]);
  assertEquals(code, 2);
  assertMatch(err, /^Error: Flag --workers is not for an executable/);
});
