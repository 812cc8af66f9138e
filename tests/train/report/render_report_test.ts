import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { ALGORITHMS } from "../../../algorithms/mod.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import { renderReport } from "../../../train/report/render_report.ts";
import { HOSTILE, hostileReport } from "./hostile_report.ts";
import { FEW, metrics, ofAlgorithm, reportOf } from "./fixture.ts";

Deno.test("renderReport() says what a reader in a hurry wants to know", async () => {
  const text = visible(renderReport(
    await reportOf({
      trials: [ofAlgorithm("TopPop", 0), ofAlgorithm("RP3beta", 1)],
      header: {
        best_score: 0.2,
        best_score_interval: [0.19, 0.21],
        metrics: metrics(0.2, 0.04),
        test_score: 0.18,
        test_metrics: metrics(0.18, 0.03),
      },
    }),
  ));
  for (
    const said of [
      "books",
      "did best of 2 algorithms: 5.0 times the NDCG@2 of listing what is most popular.",
      "NDCG@2 0.2000 95 % interval 0.1900 to 0.2100 on what no trial has seen 0.1800 most popular items 0.0400",
      "Recall 0.2000 0.1800",
      "NDCG of the most popular items 0.0400 0.0300",
      "Trials 2 2 algorithms",
      "Wall time 12.5 s",
      "Artifact 4.6 MB model of kind popularity",
      "7 interactions of 4 users with 4 items",
      "Trained 2026-11-02 03:04 UTC by Recotem",
    ]
  ) assert(text.includes(said), `${said}\n${text.slice(0, 1500)}`);
});

Deno.test("renderReport() says so when the model is no better than what is most popular", async () => {
  const text = visible(renderReport(
    await reportOf({
      header: {
        best_score: 0.04,
        metrics: metrics(0.04, 0.04),
      },
    }),
  ));
  assert(text.includes("no better than listing what is most popular (0.0400)"));
});

Deno.test("renderReport() tells what a model lost with the weights that were not kept", async () => {
  const text = visible(renderReport(
    await reportOf({
      header: {
        best_score: 0.24,
        weights: {
          top_k: 128,
          per: "source",
          precision: "f16",
          full_score: 0.25,
        },
      },
    }),
  ));
  assert(text.includes("with all weights 0.2500"));
  assert(text.includes("128 weights per source item in f16"));
});

Deno.test("renderReport() explains faint points only where there are some", async () => {
  const trials = [0, 1, 2].map((n) => ofAlgorithm("IALS", n));
  const stopped = ofAlgorithm("IALS", 3, { state: "pruned" });
  const says = async (all: typeof trials) =>
    renderReport(await reportOf({ trials: all })).includes("Faint points");
  assertEquals(await says(trials), false);
  assertEquals(await says([...trials, stopped]), true);
});

Deno.test("renderReport() needs nothing from elsewhere and allows nothing but its own style", async () => {
  const document = renderReport(await reportOf());
  const style = /<style>([^]*?)<\/style>/.exec(document)![1]!;
  const digest = createHash("sha256").update(style).digest("base64");
  assert(
    document.includes(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;"`,
    ),
  );
  assert(
    !/<(?:script|link|img|iframe|object)|url\(|@import| style=|https?:/i
      .test(document),
  );
});

Deno.test("renderReport() names every plot, table and section for those who cannot see it", async () => {
  const document = renderReport(
    await reportOf({ trials: [0, 1, 2].map((n) => ofAlgorithm("IALS", n)) }),
  );
  for (const [plot] of document.matchAll(/<div class="plot"[^>]*>/g)) {
    assert(/role="img" aria-label="[^"]{20,}"/.test(plot), plot);
  }
  const count = (pattern: RegExp) => document.match(pattern)?.length ?? 0;
  assert(count(/<div class="plot"/g) >= 6);
  assertEquals(count(/<table>/g), count(/<caption>/g));
  assert(!/<th(?! scope=)[ >]/.test(document));
  assertEquals(count(/<h1>/g), 1);
  const targets = [...document.matchAll(/href="#([^"]+)"/g)].map(([, id]) =>
    id
  );
  assert(targets.includes("content"));
  for (const id of targets) assert(document.includes(` id="${id}"`), id);
});

Deno.test("renderReport() does without what there is none of", async () => {
  const document = renderReport({
    ...await reportOf(),
    samples: [],
  });
  assert(!document.includes(`id="samples"`));
  assert(!document.includes(`id="parameters"`));
  assert(!document.includes("<pre"));
});

Deno.test("renderReport() shows hostile texts as texts", async () => {
  const document = renderReport(await hostileReport());
  assert(!/<script|<img|<svg onload|" onfocus/i.test(document));
  const text = visible(document);
  for (const hostile of HOSTILE) {
    assert(text.includes(hostile.slice(0, 100)), hostile.slice(0, 100));
  }
});

/** A tenth of 100,000 items each has been seen by two users more than the tenth after it. */
function manyItems(): Csr {
  const cols = 100_000;
  const rows: number[][] = Array.from({ length: 2000 }, () => []);
  for (let item = 0; item < cols; item++) {
    const users = 1 + 2 * Math.floor((cols - item) / 1e4);
    for (let n = 0; n < users; n++) {
      rows[(item * 7 + n * 131) % 2000]!.push(item);
    }
  }
  const indices = Uint32Array.from(rows.flat());
  const indptr = new Uint32Array(rows.length + 1);
  rows.forEach((row, n) => indptr[n + 1] = indptr[n]! + row.length);
  return {
    rows: rows.length,
    cols,
    indptr,
    indices,
    values: new Float32Array(indices.length).fill(1),
  };
}

Deno.test("renderReport() stays below 500 kB with 200 trials of each of 10 algorithms and 100,000 items", async () => {
  const names = ALGORITHMS.filter(({ space }) => Object.keys(space).length > 2)
    .slice(0, 10).map(({ name }) => name);
  assertEquals(names.length, 10);
  const trials = Array.from(
    { length: 2000 },
    (_, n) =>
      ofAlgorithm(names[n % 10]!, n, {
        state: n % 7 === 0 ? "pruned" : "complete",
      }),
  );
  const report = await reportOf({ matrix: manyItems(), trials });
  const { length } = new TextEncoder().encode(renderReport(report));
  assert(length < 500_000, `${length} bytes`);
});

Deno.test("renderReport() stays below 500 kB with more trials than it draws", async () => {
  const trials = Array.from(
    { length: 10_000 },
    (_, n) => ofAlgorithm("IALS", n),
  );
  const report = await reportOf({ matrix: FEW, trials });
  const document = renderReport(report);
  assert(document.length < 500_000, `${document.length} characters`);
  assert(visible(document).includes("The best 200 of 10,000 trials"));
});

/** What a reader of the source sees: texts without markup, entities resolved. */
function visible(document: string): string {
  return document.replace(/<style>[^]*?<\/style>/, "")
    .replace(/<[^>]*>/g, " ").replace(/\s+/g, " ")
    .replace(/ ([,.:])/g, "$1")
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"').replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
