import { type Context, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { errorResponse } from "../error_response.ts";
import { readJsonBody } from "../json_body.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import type { PredictStatus } from "../metrics/metrics.ts";
import { checkRequest } from "../requests/check_request.ts";
import {
  PREDICT_REQUEST,
  type PredictRequest,
} from "../requests/predict_request.ts";
import { isRecipeName } from "../recipe_name.ts";
import type { ServedModel } from "../served_model.ts";
import { writeItems } from "../write_items.ts";
import { NO_NAME, NOT_JSON } from "./_issues.ts";
import type { RouteOptions } from "./_route_options.ts";

/** `POST /predict/{name}`: the items that a known user is most likely to want next. */
export function predictRoutes(options: RouteOptions): Hono<AppEnv> {
  const { registry, authenticate, metrics } = options;
  const app = new Hono<AppEnv>();
  app.post("/predict/:name", authenticate, async (context) => {
    const start = metrics?.now() ?? 0;
    const name = context.req.param("name");
    let status: PredictStatus = "error";
    try {
      const [response, ended] = await predict(context, name, options);
      status = ended;
      return response;
    } finally {
      metrics?.predicted(registry.get(name) ? name : null, status, start);
    }
  });
  app.all("/predict/:name", methodNotAllowed("POST"));
  return app;
}

async function predict(
  context: Context<AppEnv>,
  name: string,
  options: RouteOptions,
): Promise<[Response, PredictStatus]> {
  const body = await readJsonBody(context.req.raw);
  if ("refused" in body && body.refused === "too large") {
    const detail = "The request body is too large";
    return [errorResponse(context, "body_too_large", detail), "error"];
  }
  const checked = "refused" in body
    ? { issues: [NOT_JSON] }
    : checkRequest(PREDICT_REQUEST, body.value);
  if ("issues" in checked || !isRecipeName(name)) {
    const errors = [
      ...(isRecipeName(name) ? [] : [NO_NAME]),
      ...("issues" in checked ? checked.issues : []),
    ];
    const detail = "The request is not valid";
    const response = errorResponse(context, "validation_error", detail, {
      errors,
    });
    return [response, "error"];
  }
  const model = options.registry.get(name)?.model;
  if (!model) {
    options.events.debug("recipe_unavailable", {
      request_id: context.get("requestId"),
    });
    const detail = "The recipe has no loaded model";
    const response = errorResponse(context, "recipe_unavailable", detail);
    return [response, "unavailable"];
  }
  // From here on nothing waits: a swap cannot come between the look-up and the answer.
  return answer(context, model, checked.request, options);
}

const FAULTLESS = { fallback: 0, dropped: 0 };

function answer(
  context: Context<AppEnv>,
  model: ServedModel,
  { user_id, cutoff }: PredictRequest,
  { events, metrics }: RouteOptions,
): [Response, PredictStatus] {
  const { recommender, header } = model;
  const user = recommender.users.indexOf(user_id);
  if (user < 0) {
    const detail = "The model does not know this user";
    const response = errorResponse(context, "user_not_found", detail);
    return [response, "user_not_found"];
  }
  const kept = model.lists.get(user, cutoff);
  const { json, fallback, dropped } = kept !== undefined
    ? { json: kept, ...FAULTLESS }
    : writeItems(recommender.recommend(user, { limit: cutoff }), model.items);
  const failed = fallback + dropped;
  if (failed === 0 && kept === undefined) {
    model.lists.set(user, cutoff, json);
  }
  if (failed > 0) {
    events.warn("metadata_lookup_failed", {
      recipe: header.recipe_name,
      items: failed,
    });
    metrics?.lookupFailed(header.recipe_name, failed);
  }
  const id = context.get("requestId");
  const response = jsonResponse(
    context,
    200,
    `{"items":[${json}],"model":${model.summary},"request_id":"${id}"}`,
    failed > 0 ? { "X-Recotem-Metadata-Degraded": "1" } : undefined,
  );
  return [response, "ok"];
}
