import type { Serving } from "../../core/recipe/recipe.ts";
import type { RecommendRequest } from "../requests/recommend_request.ts";

/** What a recipe may say for requests. */
type Defaults = Pick<RecommendRequest, keyof Serving>;

const KNOWN = new WeakMap<Serving, Defaults>();

/**
 * A request with what it does not say said by the recipe, as far as requests of its kind may say it.
 *
 * @param fields What they may say.
 */
export function fillIn<Request extends object>(
  request: Request,
  serving: Serving | null,
  fields: readonly (keyof Serving & keyof Request)[],
): Request {
  if (serving === null) return request;
  const defaults = defaultsOf(serving);
  let filled = request;
  for (const field of fields) {
    if (request[field] !== undefined || defaults[field] === undefined) continue;
    if (filled === request) filled = { ...request };
    Object.assign(filled, { [field]: defaults[field] });
  }
  return filled;
}

/** The block in the form of a request, where what is not said is absent. */
function defaultsOf(serving: Serving): Defaults {
  const known = KNOWN.get(serving);
  if (known) return known;
  const { diversity, ...others } = serving;
  const defaults: Defaults = {
    ...said(others),
    ...(diversity && { diversity: said(diversity) }),
  };
  KNOWN.set(serving, defaults);
  return defaults;
}

function said<T extends object>(
  block: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(block).filter(([, value]) => value !== null),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}
