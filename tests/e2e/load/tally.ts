import type { Counted } from "./question.ts";

const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Counts as the server should, by the names of Prometheus. */
export class Tally {
  /** Sample → its value, above 0. */
  readonly samples: Map<string, number> = new Map();

  /** Counts a request that was answered. */
  note({ verb: asked, batch, predict, outside }: Counted): void {
    if (asked) {
      const { recipe, verb, status } = asked;
      const labels = `recipe="${recipe}",verb="${verb}"`;
      this.add(`recotem_v1_requests_total{${labels},status="${status}"}`);
      this.add(`recotem_v1_request_latency_seconds_count{${labels}}`);
      if (batch) this.#noteBatch(labels, batch);
    }
    if (predict) {
      const labels = `recipe="${predict.recipe}"`;
      this.add(`recotem_predict_total{${labels},status="${predict.status}"}`);
      this.add(`recotem_predict_latency_seconds_count{${labels}}`);
    }
    if (outside) this.add("recotem_v1_validation_errors_outside_verb_total");
  }

  /** Counts what is no request. */
  add(sample: string, value: number = 1): void {
    this.samples.set(sample, (this.samples.get(sample) ?? 0) + value);
  }

  #noteBatch(labels: string, { size, failed }: NonNullable<Counted["batch"]>) {
    for (const bound of BATCH_BUCKETS) {
      if (size > bound) continue;
      this.add(`recotem_v1_batch_size_bucket{le="${bound}",${labels}}`);
    }
    this.add(`recotem_v1_batch_size_bucket{le="+Inf",${labels}}`);
    this.add(`recotem_v1_batch_size_count{${labels}}`);
    this.add(`recotem_v1_batch_size_sum{${labels}}`, size);
    for (const code of failed) {
      this.add(
        `recotem_v1_batch_element_errors_total{${labels},code="${code}"}`,
      );
    }
  }
}
