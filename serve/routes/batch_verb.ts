import { setImmediate } from "node:timers";
import { promisify } from "node:util";
import type { Context, Handler } from "hono";
import { DEFAULT_LIMIT } from "../../core/models/list_limits.ts";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { BATCH_SHAPE, type BatchRequest } from "../requests/batch_request.ts";
import { checkRequest } from "../requests/check_request.ts";
import type { ListRequest } from "../requests/list_request.ts";
import type { Verb } from "../verbs/verb.ts";
import { writeItems } from "../write_items.ts";
import type { RouteOptions } from "./_route_options.ts";
import { type Asked, type VerbCall, verbHandler } from "./_verb_call.ts";

const letOthersIn = promisify(setImmediate);
/** Most bytes of a body: 256 elements with 64 ids of 256 characters each. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Most items that all elements together may ask for. */
const MAX_TOTAL_LIMIT = 5000;
/** Elements that are answered before other requests have their turn. */
const ELEMENTS_AT_ONCE = 8;

/** `POST /v1/recipes/{name}:batch-verb`: many lists; what is wrong with one element concerns it alone. */
export function answerBatch<Request extends ListRequest>(
  verb: Verb<Request>,
  options: RouteOptions,
): Handler<AppEnv> {
  return verbHandler<BatchRequest<object>>({
    ...options,
    verb: `batch-${verb.name}`,
    form: BATCH_SHAPE,
    maxBodyBytes: MAX_BODY_BYTES,
    answer: (context, asked, batch, call) =>
      answer(context, asked, verb, batch, call),
  });
}

async function answer<Request extends ListRequest>(
  context: Context<AppEnv>,
  { model, serving }: Asked,
  verb: Verb<Request>,
  { requests, include_metadata = false }: BatchRequest<object>,
  call: VerbCall,
): Promise<Response> {
  using _held = model.hold();
  call.noteBatch(requests.length);
  let room = MAX_TOTAL_LIMIT;
  let results = "";
  for (const [index, element] of requests.entries()) {
    if (index > 0) results += ",";
    if (index % ELEMENTS_AT_ONCE === ELEMENTS_AT_ONCE - 1) {
      await letOthersIn();
    }
    const checked = checkRequest(verb.form, element);
    if ("issues" in checked) {
      const { loc, msg } = checked.issues[0]!;
      const message = [loc.slice(1).join("."), msg].join(" ").trim();
      results += failed(index, "validation_error", message, call);
      continue;
    }
    const { limit = serving?.limit ?? DEFAULT_LIMIT } = checked.request;
    if (limit > room) {
      results += failed(index, "validation_error", TOO_MANY, call);
      continue;
    }
    room -= limit;
    results += answerElement(index, checked.request);
  }
  const id = context.get("requestId");
  return jsonResponse(
    context,
    200,
    `{"request_id":"${id}",${model.identity},"results":[${results}]}`,
    { "X-Recotem-Model-Version": model.version },
  );

  function answerElement(index: number, request: Request): string {
    try {
      const outcome = verb.ask(model, request, serving);
      if ("refused" in outcome) {
        return failed(index, outcome.refused, outcome.detail, call);
      }
      if (outcome.validateOnly) {
        return `{"index":${index},"status":"ok","valid":true}`;
      }
      const bare = !include_metadata;
      const written = writeItems(outcome.ranked, model.items, bare);
      call.noteDegraded(written);
      return `{"index":${index},"status":"ok","items":[${written.json}]${outcome.more}}`;
    } catch (error) {
      call.noteElementError(error);
      return failed(index, "internal_error", "internal error", call);
    }
  }
}

const TOO_MANY =
  `The elements together may ask for at most ${MAX_TOTAL_LIMIT} items`;

function failed(
  index: number,
  code: string,
  message: string,
  call: VerbCall,
): string {
  const name = code.toUpperCase();
  call.noteFailedElement(name);
  const error = JSON.stringify({ code: name, message });
  return `{"index":${index},"status":"error","error":${error}}`;
}
