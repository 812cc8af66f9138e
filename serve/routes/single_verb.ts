import type { Context, Handler } from "hono";
import type { AppEnv } from "../app_env.ts";
import { errorResponse } from "../error_response.ts";
import { jsonResponse } from "../json_response.ts";
import type { ListRequest } from "../requests/list_request.ts";
import type { ServedModel } from "../served_model.ts";
import type { Verb } from "../verbs/verb.ts";
import { writeItems } from "../write_items.ts";
import type { RouteOptions } from "./_route_options.ts";
import { type VerbCall, verbHandler } from "./_verb_call.ts";

/** Most bytes of a body: 2,000 ids of 256 characters, most of them ASCII. */
const MAX_BODY_BYTES = 1024 * 1024;

/** `POST /v1/recipes/{name}:verb`: one list. */
export function answerOne<Request extends ListRequest>(
  verb: Verb<Request>,
  options: RouteOptions,
): Handler<AppEnv> {
  return verbHandler<Request>({
    ...options,
    verb: verb.name,
    form: verb.form,
    maxBodyBytes: MAX_BODY_BYTES,
    answer(context, { model, serving }, request, call) {
      const plain = serving === null
        ? verb.plainly?.(model, request) ?? null
        : null;
      const kept = plain && model.lists.get(plain.user, plain.limit);
      if (typeof kept === "string") {
        const head = headOf(context, model);
        return jsonResponse(context, 200, `${head},"items":[${kept}]}`, {
          "X-Recotem-Model-Version": model.version,
        });
      }
      const keep = plain
        ? (json: string) => model.lists.set(plain.user, plain.limit, json)
        : null;
      const outcome = verb.ask(model, request, serving);
      return answer(context, model, outcome, call, keep);
    },
  });
}

function headOf(context: Context<AppEnv>, model: ServedModel): string {
  return `{"request_id":"${context.get("requestId")}",${model.identity}`;
}

function answer(
  context: Context<AppEnv>,
  model: ServedModel,
  outcome: ReturnType<Verb<ListRequest>["ask"]>,
  call: VerbCall,
  keep: ((json: string) => void) | null,
): Response {
  if ("refused" in outcome) {
    call.status = outcome.refused;
    const { refused, detail, errors } = outcome;
    return errorResponse(context, refused, detail, errors && { errors });
  }
  const head = headOf(context, model);
  const headers = { "X-Recotem-Model-Version": model.version };
  if (outcome.validateOnly) {
    return jsonResponse(context, 200, `${head},"valid":true}`, headers);
  }
  const written = writeItems(outcome.ranked, model.items);
  const degraded = call.noteDegraded(written);
  if (degraded === 0) keep?.(written.json);
  return jsonResponse(
    context,
    200,
    `${head},"items":[${written.json}]${outcome.more}}`,
    degraded > 0
      ? { ...headers, "X-Recotem-Items-Degraded": String(degraded) }
      : headers,
  );
}
