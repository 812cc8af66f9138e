import { assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import { RecotemError } from "../../core/errors.ts";
import { refit, type RefitContext } from "../../train/refit.ts";
import type { Trial } from "../../train/search/trial.ts";
import { recordEvents } from "../core/record_events.ts";
import { fromDense } from "../core/kernels/matrices.ts";
import { trial } from "./fixture.ts";
import { algorithm, EPOCHS, placing } from "./search/fixture.ts";

const MATRIX = fromDense([[1, null], [1, 1]]);

function context(
  signal: AbortSignal = new AbortController().signal,
): RefitContext & { events: ReturnType<typeof recordEvents> } {
  return {
    kernels: createReferenceKernels(),
    events: recordEvents(),
    signal,
    random: createRandom(1),
  };
}

function best(
  options: Parameters<typeof algorithm>[0],
  changes: Partial<Trial> = {},
): Trial {
  return { ...trial({}), algorithm: algorithm(options), ...changes };
}

Deno.test("refit() fits the best trial's parameters and epochs on the matrix, without validation", async () => {
  const model = placing(1);
  const given = context();
  const winner = best({
    name: "IALS",
    epochs: EPOCHS,
    fit(matrix, params, fit) {
      assertEquals(matrix, MATRIX);
      assertEquals(params, { n_components: 8, train_epochs: 15 });
      assertEquals(fit.epoch, undefined);
      assertEquals(
        fit.random.float(),
        createRandom(1).fork("IALS").float(),
      );
      fit.warn("n_components_clamped", { clamped: 2 });
      return Promise.resolve(model);
    },
  }, { params: { n_components: 8 }, epochs: 15 });
  assertEquals(await refit(winner, MATRIX, given) === model, true);
  assertEquals(given.events.seen, [
    ["info", "training_final_model", { recommender: "IALSRecommender" }],
    ["warn", "n_components_clamped", { clamped: 2 }],
    ["info", "final_model_trained", { recommender: "IALSRecommender" }],
  ]);
});

Deno.test("refit() refuses as final_training_error when the fit fails", async () => {
  const error = await assertRejects(
    () =>
      refit(
        best({
          name: "IALS",
          fit: () => Promise.reject(new RangeError("IALS diverged")),
        }),
        MATRIX,
        context(),
      ),
    RecotemError,
  );
  assertEquals([error.code, error.exitCode], ["final_training_error", 4]);
  assertEquals(
    error.message,
    "Training the final IALS model failed: IALS diverged",
  );
});

Deno.test("refit() ends with the reason of the signal", async () => {
  const stop = new AbortController();
  const winner = best({
    fit() {
      stop.abort(new Error("SIGTERM"));
      return Promise.reject(new Error("stopped"));
    },
  });
  await assertRejects(
    () => refit(winner, MATRIX, context(stop.signal)),
    Error,
    "SIGTERM",
  );
});
