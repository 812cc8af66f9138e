/** What `recotem train` does when its data are not as they should be, or do not come, from the object stores and the web. */
import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import {
  assertRefused,
  assertUntouched,
  ENV,
  loansFolder,
  previousModel,
  QUICK,
  recipe,
  trainBooks,
} from "../e2e/train_run.ts";
import { LOANS } from "../train/loans.ts";
import type { Variables } from "./clouds.ts";
import { type Befalling, CountedFault } from "./counted_fault.ts";
import { DATA_PLACES, type DataPlace } from "./data_places.ts";
import { FAULTY_FILES, type FaultyFile } from "./faulty_files.ts";
import { type ProxiedRequest, UNSPEAKABLE } from "./http_fault_proxy.ts";

/** What befalls the requests for the data. */
interface Fault extends Befalling {
  /** Whether it befalls only requests for the bytes themselves. */
  readonly reading?: boolean;
  readonly env?: Variables;
  /** What training says; null: that all went well. */
  readonly stores: RegExp | null;
  readonly web: RegExp | null;
  /** Requests that it takes to give up, when that is for the number of attempts. */
  readonly attempts?: readonly [stores: number, web: number];
}

const IMPATIENT = { RECOTEM_HTTP_TIMEOUT_SECONDS: "1" };

const FAULTS: Readonly<Record<string, Fault>> = {
  "status 401": {
    fault: { status: 401 },
    stores: /credentials give no access to \S+loans\.csv: status 401/,
    web: /answered with status 401: it must be 200/,
    attempts: [1, 1],
  },
  "status 403": {
    fault: { status: 403 },
    stores: /credentials give no access to \S+loans\.csv: status 403/,
    web: /answered with status 403: it must be 200/,
    attempts: [1, 1],
  },
  "status 404": {
    fault: { status: 404 },
    stores: /loans\.csv: there is no such file/,
    web: /answered with status 404: it must be 200/,
    attempts: [1, 1],
  },
  "status 500, then success": {
    fault: { status: 500 },
    times: 2,
    stores: null,
    web: null,
  },
  "status 503, then success": {
    fault: { status: 503 },
    times: 1,
    stores: null,
    web: null,
  },
  "status 500 for ever": {
    fault: { status: 500 },
    stores: /The object store answered \S+loans\.csv with status 500/,
    web: /loans\.csv answered with status 500/,
    attempts: [4, 3],
  },
  "a connection that is cut in mid-body, for ever": {
    fault: { cutAfter: 1000 },
    reading: true,
    stores: /The connection to the object store of \S+loans\.csv failed/,
    web: /loans\.csv: the connection failed/,
  },
  "a connection that is cut in mid-body, then success": {
    fault: { cutAfter: 1000 },
    times: 1,
    reading: true,
    stores: /The connection to the object store of \S+loans\.csv failed/,
    web: null,
  },
  "a body that stalls": {
    fault: { stallAfter: 1000 },
    reading: true,
    env: IMPATIENT,
    stores: /said nothing for 1 s: it must be faster, or RECOTEM_HTTP_TIMEOUT/,
    web: /took longer than 1 s: the server must be faster, or RECOTEM_HTTP_/,
  },
  "a server that says nothing": {
    fault: "silence",
    env: IMPATIENT,
    stores: /said nothing for 1 s/,
    web: /took longer than 1 s/,
    attempts: [4, 1],
  },
};

/** Code and exit code, by whether fetching failed, as it may on the web. */
function refusalOf(fetching: boolean): { code: string; exit: number } {
  return fetching
    ? { code: "http_fetch_error", exit: 7 }
    : { code: "datasource_error", exit: 3 };
}

async function project(
  uri: string,
  sha256: string | null,
): Promise<RecipeFolder> {
  const type = uri.endsWith(".parquet") ? "parquet" : "csv";
  const folder = await loansFolder(recipe({
    source: `source: { type: ${type}, path: "${uri}", sha256: ${sha256} }`,
    ...(type === "parquet" && {
      schema: "schema: { user_column: reader, item_column: book }",
    }),
    training: QUICK,
  }));
  await previousModel(folder);
  return folder;
}

function digest(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function assertTrains(
  folder: RecipeFolder,
  env: Variables,
  rows: number,
): Promise<void> {
  const { code, events } = await trainBooks(folder, [], {
    env: { ...ENV, ...env },
  });
  assertEquals(code, 0, JSON.stringify(events.at(-1)));
  assertEquals(events.at(-1)!.n_rows, rows);
}

for (const [kind, start] of Object.entries(DATA_PLACES)) {
  Deno.test(`recotem train reads data from ${kind}, whatever is wrong with them`, async (t) => {
    await using place = await start();
    for (const [problem, file] of Object.entries(FAULTY_FILES)) {
      await t.step(problem, () => readFaulty(place, file));
    }
    for (const [problem, fault] of Object.entries(FAULTS)) {
      await t.step(problem, () => readThrough(place, fault));
    }
    if (!place.stores) return;
    await t.step(
      "files of which one has another column",
      () => readParts(place),
    );
    await t.step("a bucket that is not there", async () => {
      const uri = place.uri("loans.csv", place.port).replace("books", "none");
      await using folder = await project(uri, digest(LOANS));
      await assertRefused(folder, {
        env: { ...ENV, ...place.through(place.port) },
        ...refusalOf(false),
        says: /none\/loans\.csv: there is no such file/,
        secrets: place.secrets,
      });
    });
    const { stranger } = place;
    if (stranger === null) return;
    await t.step("another key than the store knows", async () => {
      const uri = place.uri("loans.csv", place.port);
      await using folder = await project(uri, digest(LOANS));
      await assertRefused(folder, {
        env: { ...ENV, ...stranger },
        ...refusalOf(false),
        says: /The credentials give no access to \S+loans\.csv: status 403/,
        secrets: place.secrets,
      });
    });
  });
}

async function readFaulty(place: DataPlace, file: FaultyFile): Promise<void> {
  const { name, reading } = file;
  const bytes = await file.bytes();
  await place.put(name, bytes);
  await using folder = await project(
    place.uri(name, place.port),
    file.sha256 ?? digest(bytes),
  );
  const env = {
    ...place.through(place.port),
    RECOTEM_MAX_DOWNLOAD_BYTES: String(2 ** 20),
  };
  if ("rows" in reading) return await assertTrains(folder, env, reading.rows);
  const { exit7, says } = reading;
  const fetched = exit7 === "everywhere" || exit7 === "web" && !place.stores;
  await assertRefused(folder, {
    env: { ...ENV, ...env },
    ...refusalOf(fetched),
    says,
    secrets: place.secrets,
  });
  await assertUntouched(folder);
}

/** Reads a year in two parts, then with a column of the second renamed. */
async function readParts(place: DataPlace): Promise<void> {
  const [header, ...rows] = LOANS.trimEnd().split("\n");
  const part = (columns: string, own: readonly string[]) =>
    new TextEncoder().encode([columns, ...own, ""].join("\n"));
  await place.put("part-1.csv", part(header!, rows.slice(0, 150)));
  await place.put("part-2.csv", part(header!, rows.slice(150)));
  await using folder = await project(place.uri("part-*.csv", place.port), null);
  const env = place.through(place.port);
  await assertTrains(folder, env, 400);
  const renamed = header!.replace("book", "title");
  await place.put("part-2.csv", part(renamed, rows.slice(150)));
  await using other = await project(place.uri("part-*.csv", place.port), null);
  await assertRefused(other, {
    env: { ...ENV, ...env },
    ...refusalOf(false),
    says: /part-2\.csv\S* has no column "book"; it has "reader", "title", "at"/,
    secrets: place.secrets,
  });
  await assertUntouched(other);
}

async function readThrough(
  place: DataPlace,
  { reading = false, ...expected }: Fault,
): Promise<void> {
  await place.put("loans.csv", new TextEncoder().encode(LOANS));
  await using proxy = new CountedFault(
    place.port,
    expected,
    (request) => !reading || isReading(request),
  );
  await using folder = await project(
    place.uri("loans.csv", proxy.port),
    digest(LOANS),
  );
  const env = { ...place.through(proxy.port), ...expected.env };
  const says = place.stores ? expected.stores : expected.web;
  if (says === null) {
    await assertTrains(folder, env, 400);
    assertEquals(proxy.hits, expected.times);
    return;
  }
  await assertRefused(folder, {
    env: { ...ENV, ...env },
    ...refusalOf(!place.stores),
    says,
    secrets: [...place.secrets, UNSPEAKABLE],
  });
  await assertUntouched(folder);
  const attempts = expected.attempts?.[place.stores ? 0 : 1];
  if (attempts !== undefined) assertEquals(proxy.hits, attempts);
}

/** Whether a request asks for bytes: one store's word on an object is had by GET as well. */
function isReading({ method, path }: ProxiedRequest): boolean {
  return method === "GET" && !path.includes("fields=");
}
