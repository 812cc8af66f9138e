/**
 * What a recipe's `serving` block costs or gains.
 *
 * @module
 */
import type { ArtifactCaps } from "../artifact/artifact_caps.ts";
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import { Recommender } from "../core/models/recommender.ts";
import { recipeHash } from "../core/recipe/recipe_hash.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { bootstrapInterval, type ScoreInterval } from "./bootstrap_interval.ts";
import { chooseDevice } from "./choose_device.ts";
import { compressModel } from "./compress_model.ts";
import { ListScores } from "./list_scores.ts";
import { readData } from "./read_data.ts";
import { readPublished } from "./read_published.ts";
import { fitBest } from "./refit.ts";
import { type ServingVariant, servingVariants } from "./serving_variants.ts";
import { contextOf, type TrainOptions } from "./train_options.ts";
import { splitInteractions, type SplitResult } from "./split.ts";

/** Options of {@linkcode evaluateServing}; the keys verify the published artifact. */
export type EvaluateServingOptions = Pick<
  TrainOptions,
  | "keys"
  | "store"
  | "events"
  | "signal"
  | "env"
  | "plugins"
  | keyof ArtifactCaps
  | "maxDownloadBytes"
>;

/** Lists made in one way. */
export interface ServingScore {
  /** `plain`, the key of `serving` that was followed, or `all`. */
  readonly name: string;
  readonly ndcg: number;
  /** Share of the held-out items found. */
  readonly recall: number;
  /** Share of the items that are in some list. */
  readonly coverage: number;
  /** Share of the users whose list is another than the plain one; 0 for the plain lists. */
  readonly lists_changed: number;
  /** 95 % confidence interval of `ndcg` over users. */
  readonly interval: ScoreInterval;
  /** What `ndcg` is above that of the plain lists, and the interval of that over the same users; null for these. */
  readonly change:
    | { readonly ndcg: number; readonly interval: ScoreInterval }
    | null;
}

/** What came of {@linkcode evaluateServing}. */
export interface ServingEvaluation {
  readonly recipe: string;
  /** The published artifact whose algorithm and parameters were taken. */
  readonly artifact: {
    readonly uri: string;
    readonly kid: string;
    readonly best_class: string;
    readonly trained_at: string;
  };
  /** Length of the lists. */
  readonly cutoff: number;
  /** What was held out: what trials were scored on, or what no trial saw. */
  readonly held_out: "validation" | "test";
  /** Number of users scored. */
  readonly users: number;
  readonly scores: readonly ServingScore[];
}

/** Users between looks at whether to stop. */
const USERS_AT_ONCE = 64;

/**
 * Scores a recipe's model as it is served: plain, with each default of `serving` alone, and with all of them. The
 * published model has learned from all interactions, so one with its algorithm and parameters is fitted on what the
 * recipe's split leaves and asked for what it holds out: by `test_ratio` what no trial saw, else what trials were scored
 * on. Writes nothing. Lists have the length of `training.cutoff`, whatever `serving.limit` says, so that scores compare.
 *
 * @throws {RecotemError} `artifact_error` when there is no artifact of this recipe to be had; exit code 3 or 7 for the
 * data, 4 for the split.
 */
export async function evaluateServing(
  recipe: Recipe,
  options: EvaluateServingOptions,
): Promise<ServingEvaluation> {
  const given = contextOf(options);
  const { events, signal } = given;
  const { kid, header, learner } = await readPublished(recipe, given);
  if (header.recipe_hash !== await recipeHash(recipe)) {
    events.warn("recipe_changed_since_training", { name: recipe.name });
  }
  const { interactions, table } = await readData(recipe, given);
  const { training, serving } = recipe;
  const random = createRandom(training.split.seed);
  const split = splitInteractions(
    interactions,
    training.split,
    random.fork("split"),
  );
  const { fit, heldOut }: SplitResult = split.test ?? split;
  const device = await chooseDevice(training, events);
  const kernels = await createKernels({
    device,
    arithmetic: training.arithmetic,
  });
  try {
    const fits = random.fork("fits");
    const context = { ...given, kernels, random: fits };
    const fitted = await fitBest(learner, fit, context);
    const recommender = new Recommender({
      model: header.weights
        ? compressModel(fitted, {
          topK: header.weights.top_k,
          per: header.weights.per,
          precision: header.weights.precision,
        })
        : fitted,
      users: interactions.users,
      items: interactions.items,
      seen: fit,
      table,
    });
    const scores: ServingScore[] = [];
    let plain: Float64Array | null = null;
    let plainLists: readonly Uint32Array[] | null = null;
    let users = 0;
    for (const variant of servingVariants(serving)) {
      const { listScores, lists } = await score(recommender, variant, {
        heldOut,
        cutoff: training.cutoff,
        signal,
      });
      const { ndcg, recall, coverage, userScores } = listScores.result(fit);
      users = lists.length;
      plainLists ??= lists;
      const own = userScores.ndcg;
      const gains = plain && own.map((value, n) => value - plain![n]!);
      plain ??= own;
      scores.push({
        ...{ name: variant.name, ndcg, recall, coverage },
        lists_changed: shareOfOthers(lists, plainLists),
        interval: bootstrapInterval(own, fits.fork("interval")),
        change: gains && {
          ndcg: ndcg - scores[0]!.ndcg,
          interval: bootstrapInterval(gains, fits.fork("interval")),
        },
      });
    }
    return {
      recipe: recipe.name,
      artifact: {
        uri: recipe.output.path,
        kid,
        best_class: header.best_class,
        trained_at: header.trained_at,
      },
      cutoff: training.cutoff,
      held_out: split.test ? "test" : "validation",
      users,
      scores,
    };
  } finally {
    kernels.close();
  }
}

async function score(
  recommender: Recommender,
  { options, popularForNew }: ServingVariant,
  { heldOut, cutoff, signal }: {
    readonly heldOut: SplitResult["heldOut"];
    readonly cutoff: number;
    readonly signal: AbortSignal;
  },
): Promise<{ listScores: ListScores; lists: readonly Uint32Array[] }> {
  const lists: Uint32Array[] = [];
  const scores = new ListScores(heldOut, cutoff);
  const wanted = { ...options, limit: scores.length };
  for (const [n, user] of scores.users.entries()) {
    if (n % USERS_AT_ONCE === 0) {
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
    }
    // Whoever has nothing yet is a user whom the model does not know.
    const isNew = recommender.history(user).items.length === 0;
    const { items } = isNew && popularForNew
      ? recommender.popular(wanted)
      : recommender.recommend(user, wanted);
    scores.add(n, items);
    lists.push(items);
  }
  return { listScores: scores, lists };
}

function shareOfOthers(
  lists: readonly Uint32Array[],
  plain: readonly Uint32Array[],
): number {
  const others = lists.filter((list, n) => {
    const own = plain[n]!;
    return list.length !== own.length ||
      list.some((item, place) => item !== own[place]);
  });
  return lists.length === 0 ? 0 : others.length / lists.length;
}
