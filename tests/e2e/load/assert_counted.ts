import { assert, assertEquals } from "@std/assert";
import { RECIPES } from "./names.ts";
import { isOfArtifacts } from "./publisher.ts";
import { type Bounds, VANISHED_BATCH } from "./vanishing_client.ts";

type Samples = ReadonlyMap<string, number>;

const LATENCY = /^recotem_(predict|v1_request)_latency_seconds_(bucket|sum)/;
const GAUGES = /^recotem_(active_recipes|model_loaded|model_age_seconds)/;

/**
 * Asserts that a server has counted what was asked and published, no less, no more and nothing else. What was asked of
 * the annex, by clients who vanish, is left to {@linkcode assertCountedVanished}.
 */
export function assertCounted(counted: Samples, wanted: Samples): void {
  const exact = [...counted].filter(([sample, value]) =>
    value !== 0 && !LATENCY.test(sample) && !GAUGES.test(sample) &&
    (isOfArtifacts(sample) || !sample.includes('"annex"'))
  );
  assertEquals(sorted(exact), sorted(wanted));
}

/** Asserts that what was asked of the annex was counted within bounds, and the same by each metric. */
export function assertCountedVanished(
  counted: Samples,
  predictions: Bounds,
  batches: Bounds,
): void {
  const of = (name: string, labels: string) =>
    counted.get(`recotem_${name}{recipe="annex"${labels}}`) ?? 0;
  const verb = ',verb="batch-recommend"';
  const predicted = of("predict_latency_seconds_count", "");
  const batched = of("v1_request_latency_seconds_count", verb);
  assertWithin(predicted, predictions);
  assertWithin(batched, batches);
  // Of a request that did not come whole there is no JSON.
  assertEquals(
    of("predict_total", ',status="ok"') +
      of("predict_total", ',status="error"'),
    predicted,
  );
  const ok = of("v1_requests_total", `${verb},status="ok"`);
  assertEquals(
    ok + of("v1_requests_total", `${verb},status="validation_error"`),
    batched,
  );
  assert(ok >= batches.least);
  assertEquals(of("v1_batch_size_count", verb), ok);
  assertEquals(of("v1_batch_size_sum", verb), VANISHED_BATCH * ok);
}

function assertWithin(value: number, { least, most }: Bounds): void {
  assert(value >= least && value <= most, `${value} not ${least} to ${most}`);
}

/** Asserts that both recipes are served, by models of an age, in milliseconds. */
export function assertGauges(
  counted: Samples,
  least: number,
  most: number,
): void {
  assertEquals(counted.get("recotem_active_recipes"), RECIPES.length);
  for (const recipe of RECIPES) {
    const labels = `{recipe="${recipe}"}`;
    assertEquals(counted.get(`recotem_model_loaded${labels}`), 1);
    const age = 1000 * counted.get(`recotem_model_age_seconds${labels}`)!;
    assert(age > least - 1 && age < most + 1, `${age} ms`);
  }
}

/** Asserts that each histogram's buckets rise to its count. */
export function assertHistogramsAddUp(counted: Samples): void {
  let last = 0;
  for (const [sample, value] of counted) {
    const [, name, bound, labels] =
      /^(\w+)_bucket\{le="([^"]+)",(.*)\}$/.exec(sample) ?? [];
    if (name === undefined) continue;
    assert(value >= last, sample);
    last = bound === "+Inf" ? 0 : value;
    if (bound !== "+Inf") continue;
    assertEquals(value, counted.get(`${name}_count{${labels}}`), sample);
  }
}

function sorted(samples: Iterable<[string, number]>): [string, number][] {
  return [...samples].sort(([a], [b]) => a < b ? -1 : 1);
}
