import type { Context, Handler } from "hono";
import type { Serving } from "../../core/recipe/recipe.ts";
import type { AppEnv } from "../app_env.ts";
import { errorResponse } from "../error_response.ts";
import { readJsonBody } from "../json_body.ts";
import type { RequestStatus } from "../metrics/metrics.ts";
import { checkRequest } from "../requests/check_request.ts";
import type { RequestForm } from "../requests/request_form.ts";
import { isRecipeName } from "../recipe_name.ts";
import type { ServedModel } from "../served_model.ts";
import { saysAnything } from "../verbs/says_anything.ts";
import type { VerbName } from "../verbs/names.ts";
import type { WrittenItems } from "../write_items.ts";
import { NO_NAME, NOT_JSON } from "./_issues.ts";
import type { RouteOptions } from "./_route_options.ts";

interface HandlerOptions<Request> extends RouteOptions {
  readonly verb: VerbName;
  readonly form: RequestForm<Request>;
  readonly maxBodyBytes: number;
  /** Holds the model if it waits. */
  readonly answer: (
    context: Context<AppEnv>,
    asked: Asked,
    request: Request,
    call: VerbCall,
  ) => Response | Promise<Response>;
}

/** What is asked. */
export interface Asked {
  readonly model: ServedModel;
  /** What the recipe says for requests that do not; null when it says nothing. */
  readonly serving: Serving | null;
}

/** What is told and counted of one request. */
export class VerbCall {
  /** How the request ended. */
  status: RequestStatus = "ok";
  readonly #recipe: string;
  readonly #verb: VerbName;
  readonly #requestId: string;
  readonly #options: RouteOptions;

  /** @param recipe Name of a recipe that there is. */
  constructor(
    recipe: string,
    verb: VerbName,
    requestId: string,
    options: RouteOptions,
  ) {
    this.#recipe = recipe;
    this.#verb = verb;
    this.#requestId = requestId;
    this.#options = options;
  }

  /** Tells of items that are not as they should be; returns how many there are. */
  noteDegraded({ fallback, dropped }: WrittenItems): number {
    if (fallback + dropped === 0) return 0;
    const { events, metrics } = this.#options;
    events.warn("metadata_serialization_failed", {
      ...this.#where(),
      fallback,
      dropped,
    });
    metrics?.degraded(this.#recipe, this.#verb, { fallback, dropped });
    return fallback + dropped;
  }

  /** Counts the elements of a batch. */
  noteBatch(size: number): void {
    this.#options.metrics?.batch(this.#recipe, this.#verb, size);
  }

  /** Tells of an element of a batch that got no list. */
  noteFailedElement(code: string): void {
    const { events, metrics } = this.#options;
    if (code === "VALIDATION_ERROR") {
      events.debug("batch_element_validation_failed", this.#where());
    }
    metrics?.elementFailed(this.#recipe, this.#verb, code);
  }

  /** Tells of a fault in answering an element; of the error only its name, the message may repeat the request. */
  noteElementError(error: unknown): void {
    this.#options.events.error("batch_element_error", {
      ...this.#where(),
      error: error instanceof Error ? error.name : "unknown error",
    });
  }

  #where(): Readonly<Record<string, string>> {
    return {
      request_id: this.#requestId,
      recipe: this.#recipe,
      verb: this.#verb,
    };
  }
}

/** Reads and checks the request, finds the model, answers and counts. */
export function verbHandler<Request>(
  options: HandlerOptions<Request>,
): Handler<AppEnv> {
  const { verb, registry, metrics } = options;
  return async (context) => {
    const start = metrics?.now() ?? 0;
    const name = context.req.param("call")!.slice(0, -verb.length - 1);
    const call = new VerbCall(name, verb, context.get("requestId"), options);
    try {
      return await handle(context, name, call, options);
    } catch (error) {
      call.status = "error";
      throw error;
    } finally {
      metrics?.answered(
        registry.get(name) ? name : null,
        verb,
        call.status,
        start,
      );
    }
  };
}

async function handle<Request>(
  context: Context<AppEnv>,
  name: string,
  call: VerbCall,
  { registry, events, form, maxBodyBytes, answer }: HandlerOptions<Request>,
): Promise<Response> {
  const body = await readJsonBody(context.req.raw, maxBodyBytes);
  if ("refused" in body && body.refused === "too large") {
    call.status = "validation_error";
    const detail = "The request body is too large";
    return errorResponse(context, "body_too_large", detail);
  }
  const checked = "refused" in body
    ? { issues: [NOT_JSON] }
    : checkRequest(form, body.value);
  if ("issues" in checked || !isRecipeName(name)) {
    const errors = [
      ...(isRecipeName(name) ? [] : [NO_NAME]),
      ...("issues" in checked ? checked.issues : []),
    ];
    call.status = "validation_error";
    events.warn("validation_failed", {
      request_id: context.get("requestId"),
      path: context.req.routePath,
      types: errors.map(({ type }) => type),
    });
    const detail = "The request is not valid";
    return errorResponse(context, "validation_error", detail, { errors });
  }
  const entry = registry.get(name);
  if (!entry) {
    call.status = "recipe_not_found";
    events.debug("recipe_not_found", { request_id: context.get("requestId") });
    const detail = "There is no recipe of this name";
    return errorResponse(context, "recipe_not_found", detail);
  }
  if (!entry.model) {
    call.status = "unavailable";
    events.debug("recipe_not_loaded", { request_id: context.get("requestId") });
    const detail = "The recipe has no loaded model";
    return errorResponse(context, "recipe_unavailable", detail);
  }
  // Nothing waits between the look-up and the answer, so that a swap cannot come between.
  const { model, recipe } = entry;
  const serving = recipe && saysAnything(recipe.serving)
    ? recipe.serving
    : null;
  const asked = { model, serving };
  return answer(context, asked, checked.request, call);
}
