import { type Context, type Handler, Hono } from "hono";
import { titleField } from "../../core/models/title_field.ts";
import type { AppEnv } from "../app_env.ts";
import { errorResponse } from "../error_response.ts";
import { readJsonBody } from "../json_body.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import { findItems } from "../playground/find_items.ts";
import { checkRequest } from "../requests/check_request.ts";
import {
  HISTORY_REQUEST,
  type HistoryRequest,
} from "../requests/history_request.ts";
import type { RequestForm } from "../requests/request_form.ts";
import {
  SEARCH_REQUEST,
  type SearchRequest,
} from "../requests/search_request.ts";
import type { ServedModel } from "../served_model.ts";
import { NOT_JSON } from "./_issues.ts";
import type { RouteOptions } from "./_route_options.ts";

/** Most items of a history that are told. */
const MAX_HISTORY = 1000;
/** Nothing but the server's own files and answers; no markup made of text, no page around this one. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; " +
  "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const PAGE = "index.html";
/** What the page loads. */
const LINKED = [
  "base.css",
  "page.css",
  "icon.svg",
  "page.js",
  "ask.js",
  "card.js",
  "combobox.js",
  "elements.js",
  "items.js",
  "lists.js",
];

interface PlaygroundOptions
  extends Pick<RouteOptions, "registry" | "authenticate"> {
  /** Whether clients need a key. */
  readonly keyed: boolean;
  /** Whether there is a page of the API. */
  readonly docs: boolean;
}

/**
 * `GET /`, a page to try the models with, its files, and `/playground/api/…`, what the page asks beside `/v1`. The page
 * holds nothing of the models; its questions need a key, where there are keys.
 */
export function playgroundRoutes(options: PlaygroundOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get("/", (context) => file(context, PAGE, options));
  for (const name of LINKED) {
    const path = `/playground/${name}`;
    app.get(path, (context) => file(context, name, options));
    app.all(path, methodNotAllowed("GET, HEAD"));
  }
  app.all("/", methodNotAllowed("GET, HEAD"));
  const { registry, authenticate } = options;
  app.get("/playground/api/recipes", authenticate, (context) => {
    const recipes = registry.entries().map((entry) => ({
      name: entry.name,
      error: registry.errorOf(entry),
      ...(entry.model && sizes(entry.model)),
    }));
    return jsonResponse(context, 200, JSON.stringify({ recipes }));
  });
  app.all("/playground/api/recipes", methodNotAllowed("GET, HEAD"));
  const questions = {
    users: asking(SEARCH_REQUEST, options, users),
    items: asking(SEARCH_REQUEST, options, items),
    history: asking(HISTORY_REQUEST, options, history),
  };
  for (const [name, answer] of Object.entries(questions)) {
    const path = `/playground/api/${name}`;
    app.post(path, authenticate, answer);
    app.all(path, methodNotAllowed("POST"));
  }
  return app;
}

async function file(
  context: Context<AppEnv>,
  name: string,
  { keyed, docs }: PlaygroundOptions,
): Promise<Response> {
  // Loaded when asked for: a server for production has no use for it.
  const { PAGE_FILES } = await import("../playground/page_files.ts");
  const { type, text } = PAGE_FILES[name]!;
  const body = name === PAGE
    ? text.replace("{{keyed}}", String(keyed)).replace("{{docs}}", String(docs))
    : text;
  return new Response(body, {
    headers: {
      "Content-Type": type,
      "Content-Security-Policy": POLICY,
      "Cache-Control": "no-cache",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Request-ID": context.get("requestId"),
    },
  });
}

/** Checks the body, finds the model and answers; 404 where the answer is null. */
function asking<Request extends { readonly recipe: string }>(
  form: RequestForm<Request>,
  { registry }: PlaygroundOptions,
  ask: (
    model: ServedModel,
    request: Request,
  ) => Promise<object | null> | object | null,
): Handler<AppEnv> {
  return async (context) => {
    const body = await readJsonBody(context.req.raw);
    const checked = "refused" in body
      ? { issues: [NOT_JSON] }
      : checkRequest(form, body.value);
    if ("issues" in checked) {
      const detail = "The request is not valid";
      const { issues: errors } = checked;
      return errorResponse(context, "validation_error", detail, { errors });
    }
    const model = registry.get(checked.request.recipe)?.model;
    if (!model) {
      const detail = "There is no loaded recipe of this name";
      return errorResponse(context, "recipe_not_found", detail);
    }
    const answer = await ask(model, checked.request);
    if (answer === null) {
      const detail = "The model does not know this user";
      return errorResponse(context, "unknown_user", detail);
    }
    return jsonResponse(context, 200, JSON.stringify(answer));
  };
}

function sizes({ recommender, fields }: ServedModel): object {
  return {
    users: recommender.users.size,
    items: recommender.items.size,
    title_field: fields && titleField(fields, recommender.items.size),
  };
}

function users(
  { recommender }: ServedModel,
  { search, offset, limit }: SearchRequest,
): object {
  const { begin, end } = recommender.users.startingWith(search);
  const count = Math.max(0, Math.min(limit, end - begin - offset));
  return {
    total: end - begin,
    users: Array.from({ length: count }, (_, n) => {
      const user = begin + offset + n;
      return {
        user_id: recommender.users.id(user),
        items: recommender.history(user).items.length,
      };
    }),
  };
}

async function items(
  model: ServedModel,
  { search, limit }: SearchRequest,
): Promise<object> {
  const { recommender, fields } = model;
  using _held = model.hold();
  const titles = fields && titleField(fields, recommender.items.size);
  const found = await findItems(model, { search, titles, limit });
  return { items: found.map((item) => describe(model, item)) };
}

function history(
  model: ServedModel,
  { user_id }: HistoryRequest,
): object | null {
  const { recommender } = model;
  const user = recommender.users.indexOf(user_id);
  if (user < 0) return null;
  const had = recommender.history(user);
  return {
    total: had.items.length,
    items: Array.from(
      had.items.subarray(0, MAX_HISTORY),
      (item) => describe(model, item),
    ),
    weights: Array.from(had.weights.subarray(0, MAX_HISTORY)),
  };
}

/** An item with the fields that clients may see. */
function describe({ recommender, fields }: ServedModel, item: number): object {
  return { ...fields?.row(item), item_id: recommender.items.id(item) };
}
