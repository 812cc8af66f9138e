import { findListProblem } from "../../core/models/find_list_problem.ts";
import { DEFAULT_LIMIT } from "../../core/models/list_limits.ts";
import type { RecommendOptions } from "../../core/models/recommend_options.ts";
import type { ValidationIssue } from "../error_response.ts";
import {
  COSTLY_LIMIT,
  isTooCostly,
  type ListRequest,
} from "../requests/list_request.ts";
import type { ServedModel } from "../served_model.ts";
import type { Refusal } from "./outcome.ts";

/**
 * The request in the terms of the model: indices in place of ids, fields that there are.
 *
 * @param asked The request before the recipe filled it in; what is wrong elsewhere is the recipe's fault.
 */
export function listOptions(
  model: ServedModel,
  request: ListRequest,
  asked: ListRequest,
): RecommendOptions | Refusal {
  const issue = findFieldIssue(model, request, asked) ?? findCostIssue(request);
  if (issue) {
    return {
      refused: "validation_error",
      detail: "The request is not valid",
      errors: [issue],
    };
  }
  const { limit = DEFAULT_LIMIT, offset, exclude_items, candidates } = request;
  const { filter, boosts, pins } = request;
  return {
    limit,
    ...(offset !== undefined && { offset }),
    ...(exclude_items && { exclude: knownItems(model, exclude_items) }),
    ...(candidates && { candidates: knownItems(model, candidates) }),
    ...(filter && { filter }),
    ...(boosts && { boosts }),
    ...(pins && { pins: knownPins(model, pins) }),
    ...(request.diversity && { diversity: diversityOf(request.diversity) }),
  };
}

/** Indices of the items that the model knows. */
export function knownItems(
  { recommender }: ServedModel,
  ids: readonly string[],
): Uint32Array {
  const items = new Uint32Array(ids.length);
  let count = 0;
  for (const id of ids) {
    const item = recommender.items.indexOf(id);
    if (item >= 0) items[count++] = item;
  }
  return items.subarray(0, count);
}

function knownPins(
  { recommender }: ServedModel,
  pins: NonNullable<ListRequest["pins"]>,
): { item: number; position: number }[] {
  return pins.map(({ item_id, position }) => ({
    item: recommender.items.indexOf(item_id),
    position,
  })).filter(({ item }) => item >= 0);
}

function diversityOf(
  { lambda, cap }: NonNullable<ListRequest["diversity"]>,
): NonNullable<RecommendOptions["diversity"]> {
  return { ...(lambda !== undefined && { lambda }), ...(cap && { cap }) };
}

/** The first field that clients may not ask for, or that is compared with a value of another type. */
function findFieldIssue(
  { fields }: ServedModel,
  request: ListRequest,
  asked: ListRequest,
): ValidationIssue | null {
  const problem = findListProblem(request, fields);
  if (problem === null) return null;
  const { path, message, type } = problem;
  const isAsked = asked[path[0] as keyof ListRequest] !== undefined;
  const place = isAsked ? ["body"] : ["recipe", "serving"];
  return { loc: [...place, ...path], msg: message, type };
}

/** A request that is too much only together with what the recipe says. */
function findCostIssue(request: ListRequest): ValidationIssue | null {
  return isTooCostly(request)
    ? { loc: ["body", "limit"], msg: COSTLY_LIMIT, type: "less_than_equal" }
    : null;
}
