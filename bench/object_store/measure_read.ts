/**
 * All bytes of a URI from its store, thrown away: `measure_read.ts URI`. Prints what it took as JSON.
 *
 * @module
 */

import process from "node:process";
import { SILENT } from "../../core/config/events.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { storesFromEnv } from "../../core/storage/stores_from_env.ts";
import { peakMegabytes } from "../peak_megabytes.ts";

const [uri = ""] = Deno.args;
const store = createStore(
  storesFromEnv(Deno.env, { maxDownloadBytes: 2 ** 32, events: SILENT }),
);
const { signal } = new AbortController();
const before = process.cpuUsage();
const started = performance.now();
let bytes = 0;
for await (const chunk of await store.read(uri, { signal })) {
  bytes += chunk.length;
}
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(before);
const cost = {
  seconds,
  processor: (user + system) / 1e6,
  peak: await peakMegabytes(),
  bytes,
};
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(cost)));
