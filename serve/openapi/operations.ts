/**
 * The routes of the API, for its document.
 *
 * @module
 */
import { z } from "zod";
import { batchRequest } from "../requests/batch_request.ts";
import { PREDICT_REQUEST } from "../requests/predict_request.ts";
import { RECOMMEND_REQUEST } from "../requests/recommend_request.ts";
import { RELATED_REQUEST } from "../requests/related_request.ts";
import {
  BATCH_ANSWER,
  HEALTH_ANSWER,
  HEALTH_DETAILS_ANSWER,
  LIST_ANSWER,
  MODELS_ANSWER,
  PREDICT_ANSWER,
  RECIPE_ANSWER,
  RECIPES_ANSWER,
} from "./schemas.ts";

/** One route. */
export interface Operation {
  readonly method: "get" | "post";
  /** `{name}` is the name of a recipe. */
  readonly path: string;
  readonly summary: string;
  /** Whether it needs a key, where keys are configured. */
  readonly key: boolean;
  readonly request?: z.ZodType;
  /** A request of that form. */
  readonly example?: unknown;
  readonly answer: z.ZodType;
  /** Other statuses than 200, and what they mean. */
  readonly refusals: Readonly<Record<number, string>>;
}

/** An element of a batch: another object is taken too, and answered with what is wrong with it. */
function orObject(element: z.ZodType): z.ZodType {
  return z.union([element, z.looseObject({})]).meta({
    description: "Any other object fails alone, with VALIDATION_ERROR",
  });
}

const HOST = { 400: "The Host header is not allowed" };
const KEY = {
  ...HOST,
  401: "The X-API-Key header is missing or wrong",
  429: "Too many wrong keys came from the client's address; see Retry-After",
};
const BODY = {
  413: "The body is too large",
  422: "The request is not valid",
  500: "Internal error",
};
const RECIPE = {
  404: "There is no recipe of this name",
  503: "The recipe has no loaded model",
};
const UNSOUND = {
  503: "A recipe has no model, or something is wrong with it",
};

/** All of them. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/v1/recipes/{name}:recommend",
    summary: "What a user is most likely to want next",
    key: true,
    request: RECOMMEND_REQUEST.schema,
    example: { user_id: "ann", limit: 5 },
    answer: LIST_ANSWER,
    refusals: {
      ...KEY,
      ...BODY,
      ...RECIPE,
      404: "The recipe, the user, or all items of the visitor are unknown",
    },
  },
  {
    method: "post",
    path: "/v1/recipes/{name}:recommend-related",
    summary: "What is most like some items",
    key: true,
    request: RELATED_REQUEST.schema,
    example: { seed_items: ["bread"], limit: 5 },
    answer: LIST_ANSWER,
    refusals: {
      ...KEY,
      ...BODY,
      ...RECIPE,
      404: "The recipe or all seed items are unknown, or no items are left",
    },
  },
  {
    method: "post",
    path: "/v1/recipes/{name}:batch-recommend",
    summary: "Recommendations for many users",
    key: true,
    request: batchRequest(orObject(RECOMMEND_REQUEST.schema)).meta({
      id: "BatchRecommendRequest",
    }),
    example: { requests: [{ user_id: "ann", limit: 5 }, { items: ["bread"] }] },
    answer: BATCH_ANSWER,
    refusals: { ...KEY, ...BODY, ...RECIPE },
  },
  {
    method: "post",
    path: "/v1/recipes/{name}:batch-recommend-related",
    summary: "Related items of many items",
    key: true,
    request: batchRequest(orObject(RELATED_REQUEST.schema)).meta({
      id: "BatchRelatedRequest",
    }),
    example: { requests: [{ seed_items: ["bread"], limit: 5 }] },
    answer: BATCH_ANSWER,
    refusals: { ...KEY, ...BODY, ...RECIPE },
  },
  {
    method: "get",
    path: "/v1/recipes",
    summary: "The recipes that can answer",
    key: true,
    answer: RECIPES_ANSWER,
    refusals: KEY,
  },
  {
    method: "get",
    path: "/v1/recipes/{name}",
    summary: "What training said of a recipe's model",
    key: true,
    answer: RECIPE_ANSWER,
    refusals: { ...KEY, ...RECIPE, 422: "The name is not that of a recipe" },
  },
  {
    method: "get",
    path: "/v1/health",
    summary: "Whether every recipe has a model",
    key: false,
    answer: HEALTH_ANSWER,
    refusals: { ...HOST, 503: "A recipe has no model" },
  },
  {
    method: "get",
    path: "/v1/health/details",
    summary: "The health of each recipe",
    key: true,
    answer: HEALTH_DETAILS_ANSWER,
    refusals: { ...KEY, ...UNSOUND },
  },
  {
    method: "post",
    path: "/predict/{name}",
    summary: "What a user is most likely to want next, first generation",
    key: true,
    request: PREDICT_REQUEST.schema,
    example: { user_id: "ann", cutoff: 5 },
    answer: PREDICT_ANSWER,
    refusals: {
      ...KEY,
      ...BODY,
      404: "The user is unknown",
      503: "The recipe is unknown or has no loaded model",
    },
  },
  {
    method: "get",
    path: "/models",
    summary: "What training said of all loaded models",
    key: true,
    answer: MODELS_ANSWER,
    refusals: KEY,
  },
  {
    method: "get",
    path: "/health",
    summary: "Whether every recipe has a model and nothing is wrong",
    key: false,
    answer: HEALTH_ANSWER,
    refusals: { ...HOST, ...UNSOUND },
  },
  {
    method: "get",
    path: "/health/details",
    summary: "The health of each recipe",
    key: true,
    answer: HEALTH_DETAILS_ANSWER,
    refusals: { ...KEY, ...UNSOUND },
  },
];
