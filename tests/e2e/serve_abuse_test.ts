/**
 * A server under all that clients and trainers do at once: every verb, good and bad requests, clients that vanish, requests
 * that are sent by halves, artifacts that are good, corrupt and older. `RECOTEM_LOAD_SECONDS=60` makes it a minute, and
 * prints figures.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { shopArtifact } from "../serve/shop.ts";
import { metricsSamples } from "./load/metrics_samples.ts";
import { ServeProcess, sleep } from "./serve_process.ts";

const SECONDS = Number(Deno.env.get("RECOTEM_LOAD_SECONDS") ?? 5);
/** Requests that are sent by halves at a time. */
const SLOW = 40;
/** From the middle to the end: what the runtime has not collected yet. */
const MOST_GROWTH = 75e6;

/** Verb → body → status and the word that metrics have for it. */
const REQUESTS: readonly [string, unknown, number, string][] = [
  ["recommend", { user_id: "ann", limit: 2 }, 200, "ok"],
  ["recommend", { user_id: "nobody" }, 404, "unknown_user"],
  ["recommend", { user_id: "ann", limit: "2" }, 422, "validation_error"],
  ["recommend", { items: ["bread"], explain: true }, 200, "ok"],
  ["recommend-related", { seed_items: ["bread"] }, 200, "ok"],
  ["recommend-related", { seed_items: ["?"] }, 404, "unknown_seed_items"],
  ["batch-recommend", { requests: [{ user_id: "ann" }, {}] }, 200, "ok"],
  ["batch-recommend-related", { requests: [] }, 422, "validation_error"],
];

/** What was asked and answered, as the server should have counted it. */
class Tally {
  readonly counts: Map<string, number> = new Map();
  asked = 0;

  async ask(
    { url }: ServeProcess,
    [verb, body, status, word]: (typeof REQUESTS)[number],
  ): Promise<void> {
    const response = await fetch(`${url}/v1/recipes/shop:${verb}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assertEquals(response.status, status, text);
    const sample =
      `recotem_v1_requests_total{recipe="shop",verb="${verb}",status="${word}"}`;
    this.counts.set(sample, (this.counts.get(sample) ?? 0) + 1);
    this.asked++;
  }
}

async function connect({ url }: ServeProcess): Promise<Deno.TcpConn> {
  return await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(url).port),
  });
}

/** Asks and is gone before the answer. */
async function vanish(server: ServeProcess): Promise<void> {
  using connection = await connect(server);
  await connection.write(new TextEncoder().encode(
    'POST /predict/shop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 17\r\n\r\n{"user_id":"ann"}',
  ));
}

/** Sends a part of the head, or of the body, and then a byte now and then. */
async function sendByHalves(
  server: ServeProcess,
  start: string,
  stop: AbortSignal,
): Promise<void> {
  using connection = await connect(server);
  const bytes = new TextEncoder().encode(start);
  for (let at = 0; at < bytes.length && !stop.aborted; at += 8) {
    await connection.write(bytes.subarray(at, at + 8));
    await sleep(100);
  }
  while (!stop.aborted) await sleep(100);
}

const HALVES = [
  "POST /predict/shop HTTP/1.1\r\nHost: localhost\r\nX-Never: ends",
  'POST /predict/shop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{"user_id":"',
  "POST /predict/shop HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
];

const FAILURES = 'recotem_artifact_load_failures_total{recipe="shop",reason=';
/** Kind of artifact → what counts that it was looked at. */
const SEEN = {
  good: 'recotem_swap_total{recipe="shop",result="ok"}',
  corrupt: `${FAILURES}"hmac"}`,
  older: `${FAILURES}"rollback"}`,
};

async function scrape(
  { url }: ServeProcess,
): Promise<ReadonlyMap<string, number>> {
  return metricsSamples(await (await fetch(`${url}/metrics`)).text());
}

function trainedAt(n: number): string {
  return new Date(Date.UTC(2026, 0, 1) + 1000 * n).toISOString()
    .replace(".000", "");
}

Deno.test(`serve answers as it should, counts right and does not grow under all that clients do, for ${SECONDS} s`, async () => {
  await using server = await ServeProcess.start(
    { trainedAt: trainedAt(100) },
    { RECOTEM_METRICS_ENABLED: "1" },
  );
  const tally = new Tally();
  const stop = new AbortController();
  const { signal } = stop;
  const slow = Promise.all(
    Array.from(
      { length: SLOW },
      (_, n) => sendByHalves(server, HALVES[n % HALVES.length]!, signal),
    ),
  );
  async function work(first: number): Promise<void> {
    for (let n = first; !signal.aborted; n++) {
      await tally.ask(server, REQUESTS[n % REQUESTS.length]!);
      if (n % 16 === 0) await vanish(server);
    }
  }
  const load = Promise.all([0, 2, 4, 6].map(work));
  let before: number | null = null;
  let swaps = 0;
  const end = performance.now() + 1000 * SECONDS;
  for (let n = 0; performance.now() < end; n++) {
    const kind = (["good", "corrupt", "older"] as const)[n % 3]!;
    const bytes = await shopArtifact({
      trainedAt: trainedAt(kind === "older" ? n : 101 + n),
    });
    if (kind === "corrupt") bytes[bytes.length - 1]! ^= 1;
    const seen = SEEN[kind];
    const times = (await scrape(server)).get(seen) ?? 0;
    await server.publish(bytes);
    while ((await scrape(server)).get(seen) !== times + 1) {
      await Promise.race([sleep(100), load]);
    }
    if (kind === "good") swaps++;
    if (performance.now() > end - 500 * SECONDS) {
      before ??= await server.memory();
    }
  }
  const after = await server.memory();
  stop.abort();
  await Promise.all([load, slow]);

  const counted = await scrape(server);
  for (const [sample, count] of tally.counts) {
    assertEquals(counted.get(sample), count, sample);
  }
  assertEquals(counted.get(SEEN.good), swaps);
  assertEquals(
    [...counted.keys()].filter((sample) =>
      /^recotem_v1_.*status="error"/.test(sample)
    ),
    [],
  );
  const growth = after - before!;
  assert(growth < MOST_GROWTH, `${growth} bytes more`);
  if (Deno.env.has("RECOTEM_LOAD_SECONDS")) {
    const line = `${tally.asked} requests, ${swaps} swaps, ${
      (before! / 1e6).toFixed(0)
    } MB in the middle, ${(after / 1e6).toFixed(0)} MB at the end\n`;
    Deno.stdout.writeSync(new TextEncoder().encode(line));
  }
});
