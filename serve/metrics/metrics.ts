import {
  Counter,
  type CounterConfiguration,
  Gauge,
  Histogram,
  Registry as PromRegistry,
} from "prom-client";
import type { Registry } from "../registry.ts";
import type { VerbName } from "../verbs/names.ts";

/** How a request to a verb ended. */
export type RequestStatus =
  | "ok"
  | "unknown_user"
  | "unknown_seed_items"
  | "no_candidates"
  | "recipe_not_found"
  | "unavailable"
  | "validation_error"
  | "error";

/** How a prediction ended. */
export type PredictStatus = "ok" | "user_not_found" | "unavailable" | "error";

/** Label of requests for recipes that there are not: a label of the client's choice would make series without end. */
const UNKNOWN_RECIPE = "unknown";
/** Seconds; from a tenth of a millisecond, because most answers take less than one. */
const LATENCY_BUCKETS = [
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What happened, counted for Prometheus. Counting one request takes half a microsecond. */
export class Metrics {
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly #registry = new PromRegistry();
  readonly #predictions = this.#counter(
    "recotem_predict_total",
    "Predictions",
    ["recipe", "status"],
  );
  readonly #predictLatency = this.#latency(
    "recotem_predict_latency_seconds",
    "Time to answer a prediction",
    ["recipe"],
  );
  readonly #lookupErrors = this.#counter(
    "recotem_metadata_lookup_errors_total",
    "Items of predictions whose fields could not be written",
    ["recipe"],
  );
  readonly #requests = this.#counter(
    "recotem_v1_requests_total",
    "Requests to verbs",
    ["recipe", "verb", "status"],
  );
  readonly #requestLatency = this.#latency(
    "recotem_v1_request_latency_seconds",
    "Time to answer a verb",
    ["recipe", "verb"],
  );
  readonly #batchSize = this.#histogram(
    "recotem_v1_batch_size",
    "Elements of a batch",
    ["recipe", "verb"],
    BATCH_BUCKETS,
  );
  readonly #elementErrors = this.#counter(
    "recotem_v1_batch_element_errors_total",
    "Elements of batches without an answer",
    ["recipe", "verb", "code"],
  );
  readonly #degraded = this.#counter(
    "recotem_v1_metadata_degraded_items_total",
    "Items without their fields, and items that were dropped",
    ["recipe", "verb", "kind"],
  );
  readonly #serializationErrors = this.#counter(
    "recotem_metadata_serialization_errors_total",
    "Items whose fields could not be written",
    ["recipe", "verb"],
  );
  readonly #outsideVerb = this.#counter(
    "recotem_v1_validation_errors_outside_verb_total",
    "Requests that are not valid, to other paths than those of verbs",
  );

  /**
   * Counts what is served from `registry`.
   *
   * @param worker Which of several processes on one port counts: a label of all series, since each scrape meets one of
   * them; null: the only one.
   */
  constructor(
    registry: Registry,
    now: () => number,
    worker: string | null = null,
  ) {
    this.now = now;
    if (worker !== null) this.#registry.setDefaultLabels({ worker });
    this.#gauges(registry);
  }

  /** Adds a counter to what {@linkcode Metrics.text} tells. */
  counter(
    name: string,
    help: string,
    labels: readonly string[] = [],
  ): Counter {
    return this.#counter(name, help, labels);
  }

  /** Counts a request to a verb; `recipe` is null when there is none of that name. */
  answered(
    recipe: string | null,
    verb: VerbName,
    status: RequestStatus,
    start: number,
  ): void {
    const labels = { recipe: recipe ?? UNKNOWN_RECIPE, verb };
    this.#requests.inc({ ...labels, status });
    this.#requestLatency.observe(labels, (this.now() - start) / 1000);
  }

  /** Counts a prediction; `recipe` is null when there is none of that name. */
  predicted(recipe: string | null, status: PredictStatus, start: number): void {
    const labels = { recipe: recipe ?? UNKNOWN_RECIPE };
    this.#predictions.inc({ ...labels, status });
    this.#predictLatency.observe(labels, (this.now() - start) / 1000);
  }

  /** Counts items of a prediction whose fields could not be written. */
  lookupFailed(recipe: string, items: number): void {
    this.#lookupErrors.inc({ recipe }, items);
  }

  /** Counts the elements of a batch. */
  batch(recipe: string, verb: VerbName, size: number): void {
    this.#batchSize.observe({ recipe, verb }, size);
  }

  /** Counts an element of a batch without an answer. */
  elementFailed(recipe: string, verb: VerbName, code: string): void {
    this.#elementErrors.inc({ recipe, verb, code });
  }

  /** Counts items that are not as they should be. */
  degraded(
    recipe: string,
    verb: VerbName,
    counts: { readonly fallback: number; readonly dropped: number },
  ): void {
    for (const kind of ["fallback", "dropped"] as const) {
      if (counts[kind] === 0) continue;
      this.#degraded.inc({ recipe, verb, kind }, counts[kind]);
      this.#serializationErrors.inc({ recipe, verb }, counts[kind]);
    }
  }

  /** Counts a request that is not valid, to another path than that of a verb. */
  validationFailedOutsideVerb(): void {
    this.#outsideVerb.inc();
  }

  /** All metrics in the text format of Prometheus, version 0.0.4. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #gauges(registry: Registry): void {
    new Gauge({
      name: "recotem_active_recipes",
      help: "Recipes that have a model",
      registers: [this.#registry],
      collect() {
        this.set(registry.entries().filter(({ model }) => model).length);
      },
    });
    new Gauge({
      name: "recotem_model_loaded",
      help: "Whether a recipe has a model",
      labelNames: ["recipe"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { name, model } of registry.entries()) {
          this.set({ recipe: name }, model ? 1 : 0);
        }
      },
    });
    new Gauge({
      name: "recotem_model_age_seconds",
      help: "Time since the model was trained",
      labelNames: ["recipe"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { name, model } of registry.entries()) {
          if (model) this.set({ recipe: name }, registry.ageOf(model));
        }
      },
    });
  }

  #counter(
    name: string,
    help: string,
    labels: readonly string[] = [],
  ): Counter {
    return new Counter(
      {
        name,
        help,
        labelNames: [...labels],
        registers: [this.#registry],
      } satisfies CounterConfiguration<string>,
    );
  }

  #latency(name: string, help: string, labels: readonly string[]): Histogram {
    return this.#histogram(name, help, labels, LATENCY_BUCKETS);
  }

  #histogram(
    name: string,
    help: string,
    labels: readonly string[],
    buckets: readonly number[],
  ): Histogram {
    return new Histogram({
      name,
      help,
      labelNames: [...labels],
      buckets: [...buckets],
      registers: [this.#registry],
    });
  }
}
