/**
 * A server under all that it may be asked, by clients who wait and clients who vanish, while its artifacts are replaced
 * by good ones and by corrupt ones. `RECOTEM_LOAD_SECONDS=600` makes that ten minutes with a swap every 10 s and a corrupt
 * artifact every 30 s, and prints figures.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Random } from "../../core/kernels/random.ts";
import {
  assertCounted,
  assertCountedVanished,
  assertGauges,
  assertHistogramsAddUp,
} from "./load/assert_counted.ts";
import { askBatch, askLongBatch } from "./load/batch_questions.ts";
import { Client, type Notes } from "./load/client.ts";
import { askFacts } from "./load/fact_questions.ts";
import { askList, askPrediction } from "./load/list_questions.ts";
import { LoadServer } from "./load/load_server.ts";
import { MemoryWatch } from "./load/memory_watch.ts";
import { RECIPES } from "./load/names.ts";
import { makeEdition, Publisher } from "./load/publisher.ts";
import type { Question } from "./load/question.ts";
import { askAmiss } from "./load/refused_questions.ts";
import { ServerLog } from "./load/server_log.ts";
import { Tally } from "./load/tally.ts";
import { VanishingClient } from "./load/vanishing_client.ts";
import { Versions } from "./load/versions.ts";
import { sleep } from "./serve_process.ts";

const SECONDS = Number(Deno.env.get("RECOTEM_LOAD_SECONDS") ?? 8);
const SWAPS = Math.max(5, Math.round(SECONDS / 10));
const CLIENTS = 6;
/** Mean time between an answer and the next question. */
const PAUSE_MS = 4;
/** What the runtime has not collected yet; each model that is not given back takes 40 MB. */
const MOST_GROWTH = 75e6;
const WARNINGS: ReadonlySet<string> = new Set([
  "warning artifact_hmac_mismatch",
  "warning auth_invalid_key",
  "warning auth_missing_header",
  "warning validation_failed",
]);

/** What most clients ask next. */
function anything(random: Random): Question {
  const kind = random.int(16);
  if (kind < 6) return askList(random);
  if (kind < 10) {
    return askPrediction(random, { chunked: random.int(4) === 0 });
  }
  if (kind < 12) return askBatch(random);
  return kind < 13 ? askFacts(random) : askAmiss(random);
}

Deno.test(`serve answers all requests from one model each, counts them and does not grow while artifacts are replaced, for ${SECONDS} s`, async () => {
  const start = new Date(Date.now() - 3_600_000);
  const notes: Notes = {
    versions: new Versions(),
    tally: new Tally(),
    log: new ServerLog(),
  };
  let edition = await makeEdition(1, start);
  edition.versions.forEach((version) => notes.versions.add(version));
  await using server = await LoadServer.start(
    edition.artifacts,
    (line) => notes.log.take(line),
  );
  using owner = new Client("owner", server, notes);
  const publisher = new Publisher(server, owner, notes);
  const random = createRandom(20_260_101);
  const stop = new AbortController();
  const { signal } = stop;

  let answered = 0;
  async function askAll(
    name: string,
    question: (random: Random) => Question,
  ): Promise<void> {
    using client = new Client(name, server, notes);
    const own = random.fork(name);
    while (!signal.aborted) {
      await client.ask(question(own));
      answered++;
      await sleep(own.int(2 * PAUSE_MS));
    }
  }
  const vanishing = new VanishingClient(server, random.fork("vanishing"));
  async function vanish(): Promise<void> {
    while (!signal.aborted) {
      await vanishing.vanish();
      await sleep(PAUSE_MS);
    }
  }
  const memory = new MemoryWatch();
  const load = Promise.all([
    ...Array.from(
      { length: CLIENTS },
      (_, n) => askAll(`client${n}`, anything),
    ),
    // One of these is under way whenever artifacts are replaced.
    askAll("patient0", askLongBatch),
    askAll("patient1", askLongBatch),
    vanish(),
    memory.run(() => server.memory(), signal),
  ]);
  async function replaceAll(): Promise<void> {
    const period = 1000 * SECONDS / SWAPS;
    const begin = performance.now();
    const until = (time: number) =>
      sleep(Math.max(0, begin + time - performance.now()));
    for (let n = 1; n <= SWAPS; n++) {
      const next = await makeEdition(n + 1, start);
      // Every third swap comes after a corrupt artifact.
      if (n % 3 === 0) {
        await until((n - 0.5) * period);
        await publisher.spoil(edition);
      }
      await until(n * period);
      await publisher.swap(next);
      edition = next;
      if (n === 2) memory.warmedUp();
    }
  }
  await Promise.race([load, replaceAll()]);
  stop.abort();
  await load;

  const before = Date.now();
  const counted = await server.metrics();
  assertCounted(counted, notes.tally.samples);
  assertCountedVanished(counted, vanishing.predictions, vanishing.batches);
  assertHistogramsAddUp(counted);
  const trained = Date.parse(edition.versions[0]!.trainedAt);
  assertGauges(counted, before - trained, Date.now() - trained);
  assertEquals(await server.stop(), 0);
  assertEquals(notes.log.faults, []);
  assertEquals(notes.log.unmatched(), []);
  assertComplaints(notes, publisher.spoiled);
  const { first, last } = memory.thirds();
  assert(last - first < MOST_GROWTH, `${last - first} bytes more`);
  if (Deno.env.has("RECOTEM_LOAD_SECONDS")) {
    const most = vanishing.predictions.most + vanishing.batches.most;
    print(
      `${answered} answers, ${most} vanished clients, ${SWAPS} swaps of ${RECIPES.length} recipes, ` +
        `${publisher.spoiled} corrupt artifacts, ${
          megabytes(first)
        } MB in the first third, ` +
        `${megabytes(last)} MB in the last\n`,
    );
  }
});

/** Asserts that the server told of corrupt artifacts as errors, and of nothing else; of requests and keys as warnings. */
function assertComplaints({ log, tally }: Notes, spoiled: number): void {
  const errors = [...log.complaints].filter(([name]) =>
    name.startsWith("error ")
  );
  const failures = [...tally.samples].flatMap(([sample, count]) => {
    const reason = /^recotem_artifact_load_failures.*reason="(\w+)"/
      .exec(sample)?.[1];
    return reason ? [[`error artifact_load_failed ${reason}`, count]] : [];
  });
  assertEquals(errors.sort(), failures.sort());
  assertEquals(errors.reduce((sum, [, count]) => sum + count, 0), spoiled);
  const warnings = [...log.complaints.keys()].filter((name) =>
    !name.startsWith("error ")
  );
  assertEquals(warnings.filter((name) => !WARNINGS.has(name)), []);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
