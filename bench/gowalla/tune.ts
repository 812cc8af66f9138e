/**
 * Parameters of one algorithm for Gowalla, chosen on a validation part of the training half by the search of
 * `recotem train`, and what they come to on the test half, which the search does not see.
 *
 * deno run -A bench/gowalla/tune.ts FOLDER ALGORITHM [trials [FIXED]]
 *
 * FIXED, JSON, holds parameters that are not searched: {"neighbours":256}.
 *
 * @module
 */
import { algorithmByName } from "../../algorithms/mod.ts";
import { SILENT } from "../../core/config/events.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { IdMap } from "../../core/models/id_map.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import { search } from "../../train/search/search.ts";
import { learntParams } from "../../train/search/trial.ts";
import { NO_LOG } from "../../train/search/trial_log.ts";
import { TrialPool } from "../../train/search/trial_pool.ts";
import { splitInteractions } from "../../train/split.ts";
import { measureOurs } from "./measure_ours.ts";
import { readSplit } from "./read_split.ts";

async function main(
  folder: string,
  name: string,
  trials: number,
  fixed: Readonly<Record<string, number>>,
): Promise<void> {
  const { training } = await parseRecipe(
    `
name: gowalla
source: {type: parquet, path: unused}
schema: {user_column: user_id, item_column: item_id}
training:
  algorithms: [${name}]
  metric: ndcg
  cutoff: 20
  n_trials: ${trials}
  split: {scheme: random, heldout_ratio: 0.2, test_user_ratio: 1}
output: {path: unused.recotem}
`,
    { path: "recipe.yaml", env: new Map() },
  );
  const { train: matrix } = await readSplit(folder);
  const ids = IdMap.from([]).map;
  const stats = { rows: 0, users: 0, items: 0, dropped: 0, withoutId: 0 };
  const random = createRandom(training.split.seed);
  const split = splitInteractions(
    { matrix, users: ids, items: ids, times: null, repeats: null, stats },
    training.split,
    random.fork("split"),
  );
  await using pool = new TrialPool({
    ...split,
    metric: training.metric,
    cutoff: training.cutoff,
    weights: training.weights,
    seed: training.split.seed,
    threads: [navigator.hardwareConcurrency],
    device: "cpu",
    arithmetic: "fast",
  });
  const { best } = await search({
    algorithms: [algorithmByName(name)],
    training,
    random: random.fork("search"),
    events: SILENT,
    signal: new AbortController().signal,
    log: NO_LOG,
    run: (job, options) =>
      pool.run({ ...job, params: { ...job.params, ...fixed } }, options),
    onTrial: ({ number, evaluation, seconds, params }) =>
      print([
        number,
        evaluation?.ndcg.toFixed(5) ?? "none",
        `${seconds.toFixed(1)} s`,
        JSON.stringify(params),
      ].join("  ")),
  });
  const params = { ...learntParams(best), ...fixed };
  print(
    `best on validation, NDCG@20 ${best.evaluation!.ndcg.toFixed(4)}: ${
      JSON.stringify(params)
    }`,
  );
  const threads = navigator.hardwareConcurrency;
  const test = await measureOurs(folder, name, params, threads);
  print(
    `on test: Recall@20 ${test.recall.toFixed(4)}, NDCG@20 ${
      test.ndcg.toFixed(4)
    }, fit ${test.seconds.toFixed(1)} s, peak ${test.megabytes.toFixed(0)} MB`,
  );
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

const [folder, name, trials = "40", fixed = "{}"] = Deno.args;
if (folder === undefined || name === undefined) {
  throw new TypeError(
    "Say where the data is and what to tune: FOLDER ALGORITHM [trials]",
  );
}
await main(folder, name, Number(trials), JSON.parse(fixed));
