/** What `recotem train` does when an object store fails while it publishes there. */
import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import { readAll } from "../core/storage/store_contract.ts";
import {
  assertRefused,
  ENV,
  loansFolder,
  QUICK,
  recipe,
  trainBooks,
} from "../e2e/train_run.ts";
import { type Cloud, CLOUDS, type Variables } from "./clouds.ts";
import { type Befalling, CountedFault } from "./counted_fault.ts";
import { storeOf } from "./data_places.ts";
import { type ProxiedRequest, UNSPEAKABLE } from "./http_fault_proxy.ts";

const OLD = new TextEncoder().encode("books.00000000.recotem\n");

/** What befalls the requests that write. */
interface Fault extends Befalling {
  /** Which of the two objects it befalls. */
  readonly of: "artifact" | "pointer";
  readonly env?: Variables;
  /** How training is refused; null: all goes well. */
  readonly refusal: {
    readonly code: string;
    readonly exit: number;
    readonly says: RegExp;
  } | null;
  /** Requests that it takes to give up. */
  readonly attempts?: number;
}

function artifactError(says: RegExp): Fault["refusal"] {
  return { code: "artifact_error", exit: 5, says };
}

const FAULTS: Readonly<Record<string, Fault>> = {
  "status 403": {
    fault: { status: 403 },
    of: "artifact",
    refusal: artifactError(
      /Cannot write \S+recotem: The credentials give no access to \S+recotem: status 403/,
    ),
    attempts: 1,
  },
  "status 404": {
    fault: { status: 404 },
    of: "artifact",
    refusal: artifactError(/Cannot write \S+recotem: There is no \S+recotem/),
    attempts: 1,
  },
  "status 412, for the pointer": {
    fault: { status: 412 },
    of: "pointer",
    refusal: {
      code: "lock_contested",
      exit: 6,
      says: /books\.recotem was changed by another run/,
    },
    attempts: 1,
  },
  "status 500, then success": {
    fault: { status: 500 },
    times: 2,
    of: "artifact",
    refusal: null,
  },
  "status 503, then success, for the pointer": {
    fault: { status: 503 },
    times: 2,
    of: "pointer",
    refusal: null,
  },
  "status 500 for ever": {
    fault: { status: 500 },
    of: "artifact",
    refusal: artifactError(/The object store answered \S+ with status 500/),
    attempts: 4,
  },
  "status 500, for the pointer": {
    fault: { status: 500 },
    of: "pointer",
    refusal: artifactError(/answered \S+\/books\.recotem with status 500/),
    // The first one may have come through.
    attempts: 1,
  },
  "a connection that is cut before the answer": {
    fault: "deafness",
    times: 1,
    of: "artifact",
    refusal: null,
  },
  "a connection that is cut before the answer, for ever": {
    fault: "deafness",
    of: "artifact",
    refusal: artifactError(/The connection to the object store of \S+ failed/),
    attempts: 4,
  },
  "a server that says nothing": {
    fault: "silence",
    of: "artifact",
    env: { RECOTEM_HTTP_TIMEOUT_SECONDS: "1" },
    refusal: artifactError(/The object store of \S+ said nothing for 1 s/),
    attempts: 4,
  },
};

function project(root: string): Promise<RecipeFolder> {
  return loansFolder(recipe({
    training: QUICK,
    output: `output: { path: "${root}/out/books.recotem" }`,
  }));
}

/** Asserts that all objects are whole, and that the pointer names one of them or, without a publication, the old one. */
async function assertWhole(
  { root, env }: Cloud,
  isPublished: boolean,
): Promise<void> {
  const store = storeOf(env);
  const names: string[] = [];
  for await (const { name } of store.list(`${root}/out`)) names.push(name);
  const read = (name: string) => readAll(store, `${root}/out/${name}`);
  for (const name of names) {
    const [, digest] = /^books\.([0-9a-f]{8})\.recotem$/.exec(name) ?? [];
    if (digest === undefined) continue;
    const sha256 = createHash("sha256").update(await read(name)).digest("hex");
    assertEquals(sha256.slice(0, 8), digest);
  }
  const pointer = await read("books.recotem");
  if (!isPublished) return assertEquals(pointer, OLD);
  assert(names.includes(new TextDecoder().decode(pointer).trim()));
}

for (const [kind, start] of Object.entries(CLOUDS)) {
  Deno.test(`recotem train publishes in ${kind}, or leaves what is there, whatever befalls it`, async (t) => {
    await using cloud = await start();
    for (const [problem, fault] of Object.entries(FAULTS)) {
      await t.step(problem, () => publishThrough(cloud, fault));
    }
    await t.step("a bucket that is not there", async () => {
      await using folder = await project(cloud.root.replace("books", "none"));
      await assertRefused(folder, {
        env: { ...ENV, ...cloud.env },
        code: "artifact_error",
        exit: 5,
        says: /Cannot write \S+recotem: There is no \S+recotem: status 404/,
        secrets: cloud.secrets,
      });
    });
    const { stranger } = cloud;
    if (stranger === null) return;
    await t.step("another key than the store knows", async () => {
      await using folder = await project(cloud.root);
      await assertRefused(folder, {
        env: { ...ENV, ...stranger },
        code: "artifact_error",
        exit: 5,
        says: /Cannot write \S+recotem: The credentials give no access to/,
        secrets: cloud.secrets,
      });
    });
  });
}

async function publishThrough(
  cloud: Cloud,
  { of, env, refusal, attempts, ...befalling }: Fault,
): Promise<void> {
  await storeOf(cloud.env).write(`${cloud.root}/out/books.recotem`, [OLD]);
  await using proxy = new CountedFault(
    cloud.port,
    befalling,
    (request) => written(request) === of,
  );
  await using folder = await project(cloud.root);
  const variables = { ...ENV, ...cloud.through(proxy.port), ...env };
  if (refusal === null) {
    const { code, events } = await trainBooks(folder, [], { env: variables });
    assertEquals(code, 0, JSON.stringify(events.at(-1)));
    assertEquals(proxy.hits, befalling.times);
  } else {
    await assertRefused(folder, {
      ...refusal,
      env: variables,
      secrets: [...cloud.secrets, UNSPEAKABLE],
    });
    assertEquals(proxy.hits, attempts);
  }
  await assertWhole(cloud, refusal === null);
}

/** Which object a request writes. */
function written({ method, path }: ProxiedRequest): Fault["of"] | null {
  if (method !== "PUT" && method !== "POST") return null;
  if (/books\.[0-9a-f]{8}\.recotem/.test(path)) return "artifact";
  return /books\.recotem/.test(path) ? "pointer" : null;
}
