/**
 * What the API answers, as schemas for its document.
 *
 * @module
 */
import { z } from "zod";
import { VERBS } from "../verbs/names.ts";

const MODEL_VERSION = z.string().meta({
  pattern: "^sha256:[0-9a-f]{64}$",
  description: "Which model answered: the digest of its artifact",
});
const ISSUE = z.object({
  loc: z.array(z.union([z.string(), z.int()])),
  msg: z.string(),
  type: z.string(),
}).meta({ id: "ValidationIssue" });
const ITEM = z.looseObject({ item_id: z.string(), score: z.number() }).meta({
  id: "Item",
  description: "With the item's fields beside its id and score",
});
const COUNTS = z.object({
  seen: z.int(),
  filtered: z.int(),
  filled: z.int(),
}).meta({
  id: "Counts",
  description:
    "Items left out because the user has them, left out for another reason, and filled in by popularity; for requests that use more than the id, limit and exclude_items",
});
const EXPLANATION = z.object({
  item_id: z.string(),
  because: z.array(z.object({ item_id: z.string(), influence: z.number() })),
}).meta({ id: "Explanation" });

const LIST = {
  items: z.array(ITEM).optional(),
  counts: COUNTS.optional(),
  fallback: z.literal("popular").optional(),
  explanations: z.array(EXPLANATION).optional(),
  valid: z.literal(true).optional().meta({
    description: "In place of all else, for validate_only",
  }),
};
const ANSWERED = {
  request_id: z.string(),
  recipe: z.string(),
  model_version: MODEL_VERSION,
};

/** Answer of a verb. */
export const LIST_ANSWER: z.ZodType = z.object({ ...ANSWERED, ...LIST }).meta({
  id: "ListAnswer",
});

/** Answer of a batch verb. */
export const BATCH_ANSWER: z.ZodType = z.object({
  ...ANSWERED,
  results: z.array(
    z.discriminatedUnion("status", [
      z.object({ index: z.int(), status: z.literal("ok"), ...LIST }),
      z.object({
        index: z.int(),
        status: z.literal("error"),
        error: z.object({
          code: z.enum([
            "UNKNOWN_USER",
            "UNKNOWN_SEED_ITEMS",
            "NO_CANDIDATES",
            "VALIDATION_ERROR",
            "INTERNAL_ERROR",
          ]),
          message: z.string(),
        }),
      }),
    ]),
  ).meta({ description: "In the order of the requests" }),
}).meta({ id: "BatchAnswer" });

/** Answer of `/predict/{name}`. */
export const PREDICT_ANSWER: z.ZodType = z.object({
  items: z.array(ITEM),
  model: z.object({
    recipe: z.string(),
    trained_at: z.string(),
    best_class: z.string(),
    kid: z.string(),
  }),
  request_id: z.string(),
}).meta({ id: "PredictAnswer" });

const SUMMARY = {
  name: z.string(),
  model_version: MODEL_VERSION,
  loaded_at: z.string(),
  supported_verbs: z.array(z.enum(VERBS)),
  kind: z.literal("user-item"),
};

/** Answer of `/v1/recipes`. */
export const RECIPES_ANSWER: z.ZodType = z.object({
  recipes: z.array(z.object(SUMMARY)),
}).meta({ id: "Recipes" });

const INTERVAL = z.tuple([z.number(), z.number()]).meta({
  description: "95 % confidence interval over users, by bootstrap",
});
const METRICS = z.object({
  ndcg: z.number(),
  map: z.number(),
  recall: z.number(),
  hit: z.number(),
  users: z.int(),
  coverage: z.number(),
  novelty: z.number(),
  gini: z.number(),
  popularity_score: z.number().meta({
    description: "Score, by metric, of listing the most popular items",
  }),
}).meta({ id: "Metrics" });

/** Answer of `/v1/recipes/{name}`. */
export const RECIPE_ANSWER: z.ZodType = z.object({
  ...SUMMARY,
  config_digest: z.string(),
  algorithms: z.array(z.string()),
  best_algorithm: z.string(),
  trained_at: z.string(),
  best_class: z.string(),
  best_params: z.record(z.string(), z.unknown()),
  best_score: z.number().nullable(),
  best_score_interval: INTERVAL.optional(),
  metric: z.string(),
  cutoff: z.int(),
  metrics: METRICS.optional(),
  test_score: z.number().nullable().optional().meta({
    description: "Score on what no trial has seen",
  }),
  test_score_interval: INTERVAL.optional(),
  test_metrics: METRICS.optional(),
  split: z.record(z.string(), z.unknown()).optional(),
  weights: z.record(z.string(), z.unknown()).optional(),
  tuning: z.record(z.string(), z.unknown()),
  data_stats: z.record(z.string(), z.unknown()),
  recotem_version: z.string(),
  irspack_version: z.null(),
  engine: z.string(),
  recipe_hash: z.string(),
  serving: z.record(z.string(), z.unknown()).optional().meta({
    description: "What requests ask for where they do not say; null: nothing",
  }),
}).meta({ id: "Recipe" });

/** Answer of `/models`. */
export const MODELS_ANSWER: z.ZodType = z.array(
  z.looseObject({ name: z.string(), kid: z.string() }),
).meta({ id: "Models" });

/** Answer of the health routes. */
export const HEALTH_ANSWER: z.ZodType = z.object({
  status: z.enum(["ok", "degraded"]),
  total: z.int(),
  loaded: z.int(),
}).meta({ id: "Health" });

/** Answer of the routes that tell the health of each recipe. */
export const HEALTH_DETAILS_ANSWER: z.ZodType = z.object({
  status: z.enum(["ok", "degraded"]),
  recipes: z.record(
    z.string(),
    z.object({
      loaded: z.boolean(),
      trained_at: z.string().optional(),
      best_class: z.string().optional(),
      kid: z.string().optional(),
      error: z.string().optional(),
    }),
  ),
}).meta({ id: "HealthDetails" });

/** Answer of all refusals. */
export const ERROR: z.ZodType = z.object({
  detail: z.string(),
  code: z.string().optional().meta({
    description: "In capitals under /v1, absent for unknown paths there",
  }),
  request_id: z.string().optional(),
  errors: z.array(ISSUE).optional().meta({
    description: "The rules that the request broke; repeats nothing of it",
  }),
}).meta({ id: "Error" });
