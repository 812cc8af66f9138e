import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Events } from "../../core/config/events.ts";
import type { AppEnv } from "../app_env.ts";
import { errorResponse, type ValidationIssue } from "../error_response.ts";
import { readJsonBody } from "../json_body.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import { isRecipeName } from "../recipe_name.ts";
import type { Registry } from "../registry.ts";
import type { ServedModel } from "../served_model.ts";

const DEFAULT_CUTOFF = 10;
const MAX_CUTOFF = 1000;

/** What the routes that answer from models are made of. */
export interface PredictOptions {
  readonly registry: Registry;
  readonly authenticate: MiddlewareHandler<AppEnv>;
  readonly events: Events;
}

/** `POST /predict/{name}`: the items that a known user is most likely to want next. */
export function predictRoutes(
  { registry, authenticate, events }: PredictOptions,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.post("/predict/:name", authenticate, async (context) => {
    const name = context.req.param("name");
    const body = await readJsonBody(context.req.raw);
    if ("refused" in body && body.refused === "too large") {
      return errorResponse(
        context,
        "body_too_large",
        "The request body is too large",
      );
    }
    const issues: ValidationIssue[] = [];
    if (!isRecipeName(name)) {
      issues.push({
        loc: ["path", "name"],
        msg: "Must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
        type: "string_pattern_mismatch",
      });
    }
    const request = "refused" in body
      ? refuse(issues, [], "Must be JSON without repeated keys", "json_invalid")
      : checkBody(body.value, issues);
    if (request === null || issues.length > 0) {
      return errorResponse(
        context,
        "validation_error",
        "The request is not valid",
        { errors: issues },
      );
    }
    const model = registry.get(name)?.model;
    if (!model) {
      events.debug("recipe_unavailable", {
        request_id: context.get("requestId"),
      });
      return errorResponse(
        context,
        "recipe_unavailable",
        "The recipe has no loaded model",
      );
    }
    // From here on nothing waits: a swap cannot come between the look-up and the answer.
    return answer(context, model, request, events);
  });
  app.all("/predict/:name", methodNotAllowed("POST"));
  return app;
}

interface PredictRequest {
  readonly userId: string;
  readonly cutoff: number;
}

function answer(
  context: Context<AppEnv>,
  model: ServedModel,
  { userId, cutoff }: PredictRequest,
  events: Events,
): Response {
  const { recommender, items, header } = model;
  const user = recommender.users.indexOf(userId);
  if (user < 0) {
    return errorResponse(
      context,
      "user_not_found",
      "The model does not know this user",
    );
  }
  const ranked = recommender.recommend(user, { limit: cutoff });
  let json = '{"items":[';
  let failed = 0;
  for (let at = 0; at < ranked.items.length; at++) {
    const item = ranked.items[at]!;
    let fragment;
    try {
      fragment = items.get(item);
    } catch {
      fragment = items.bare(item);
      failed++;
    }
    if (at > 0) json += ",";
    json += fragment.before + ranked.scores[at]! + fragment.after;
  }
  if (failed > 0) {
    events.warn("metadata_lookup_failed", {
      recipe: header.recipe_name,
      items: failed,
    });
  }
  json += `],"model":${model.summary},"request_id":"${
    context.get("requestId")
  }"}`;
  return jsonResponse(
    context,
    200,
    json,
    failed > 0 ? { "X-Recotem-Metadata-Degraded": "1" } : undefined,
  );
}

/** The request in a JSON value; types are taken as they are, `true` is no number and `"10"` neither. */
function checkBody(
  body: unknown,
  issues: ValidationIssue[],
): PredictRequest | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return refuse(issues, [], "Must be an object", "object_type");
  }
  const { user_id: userId, cutoff = DEFAULT_CUTOFF } = body as Record<
    string,
    unknown
  >;
  if (userId === undefined) {
    refuse(issues, ["user_id"], "Is required", "missing");
  } else if (typeof userId !== "string" || !userId.isWellFormed()) {
    refuse(issues, ["user_id"], "Must be text", "string_type");
  }
  if (typeof cutoff !== "number" || !Number.isInteger(cutoff)) {
    refuse(issues, ["cutoff"], "Must be a whole number", "int_type");
  } else if (cutoff < 1) {
    refuse(issues, ["cutoff"], "Must be at least 1", "greater_than_equal");
  } else if (cutoff > MAX_CUTOFF) {
    refuse(
      issues,
      ["cutoff"],
      `Must be at most ${MAX_CUTOFF}`,
      "less_than_equal",
    );
  }
  return issues.length > 0
    ? null
    : { userId: userId as string, cutoff: cutoff as number };
}

function refuse(
  issues: ValidationIssue[],
  loc: readonly string[],
  msg: string,
  type: string,
): null {
  issues.push({ loc: ["body", ...loc], msg, type });
  return null;
}
