/** Two runs of `recotem train` that publish one model at the same moment. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { recotem } from "../cli/recotem.ts";
import { readAll } from "../core/storage/store_contract.ts";
import { ENV, loansFolder, recipe, trainBooks } from "../e2e/train_run.ts";
import { CLOUDS } from "./clouds.ts";
import { storeOf } from "./data_places.ts";
import { HttpFaultProxy } from "./http_fault_proxy.ts";

for (const [kind, start] of Object.entries(CLOUDS)) {
  Deno.test(`recotem train, twice at the same moment, publishes one model in ${kind}: one wins, the other exits with 6, nothing is lost`, async () => {
    await using cloud = await start();
    const both = Promise.withResolvers<void>();
    let waiting = 0;
    // Each looks at the pointer before it writes it; held there, both have looked.
    await using proxy = new HttpFaultProxy(
      cloud.port,
      async ({ method, path }) => {
        const isPointer = /^P/.test(method) && /books\.recotem/.test(path);
        if (isPointer && ++waiting === 2) both.resolve();
        if (isPointer) await both.promise;
        return null;
      },
    );
    const pointer = `${cloud.root}/out/books.recotem`;
    const text = (seed: number) =>
      recipe({
        training:
          `training: { algorithms: [TopPop], n_trials: 1, split: { heldout_ratio: 0.3, seed: ${seed} } }`,
        output: `output: { path: "${pointer}" }`,
      });
    await using first = await loansFolder(text(1));
    await using second = await loansFolder(text(2));
    const env = { ...ENV, ...cloud.through(proxy.port) };
    // Two machines: each has a folder of locks.
    const runs = await Promise.all(
      [first, second].map((folder) =>
        trainBooks(folder, [], {
          env: { ...env, RECOTEM_LOCK_DIR: `${folder.path}/locks` },
        })
      ),
    );
    assertEquals(runs.map(({ code }) => code).sort(), [0, 6]);
    const [winner, loser] = runs.toSorted((a, b) => a.code - b.code);
    const refusal = loser!.events.at(-1)!;
    assertEquals(refusal.code, "lock_contested");
    assertMatch(
      String(refusal.error),
      /^Error: [^\n]*books\.recotem was changed by another run[^\n]*$/,
    );

    const store = storeOf(cloud.env);
    const read = (uri: string) => readAll(store, uri);
    const artifacts = runs.map(({ events }) =>
      events.find(({ event }) => event === "artifact_written")?.artifact
    );
    const { artifact } = winner!.events.at(-1)!;
    assertEquals(artifacts.filter((each) => each !== undefined), [artifact]);
    const named = new TextDecoder().decode(await read(pointer)).trim();
    assertEquals(`${cloud.root}/out/${named}`, artifact);
    const versions: string[] = [];
    for await (const { name } of store.list(`${cloud.root}/out`)) {
      const [, digest] = /^books\.([0-9a-f]{8})\.recotem$/.exec(name) ?? [];
      if (digest === undefined) continue;
      const bytes = await read(`${cloud.root}/out/${name}`);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      assertEquals(sha256.slice(0, 8), digest);
      versions.push(name);
    }
    // What the loser made is there as well, whole, and named by nothing.
    assertEquals(versions.length, 2);
    assert(versions.includes(named));
    const inspected = await recotem(["inspect", pointer], {
      env: { ...ENV, ...cloud.env },
    });
    assertEquals(inspected.code, 0, inspected.err);
    const again = await trainBooks(first, [], {
      env: { ...ENV, ...cloud.env },
    });
    assertEquals(again.code, 0);
  });
}
