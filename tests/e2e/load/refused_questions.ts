import type { Random } from "../../../core/kernels/random.ts";
import { ask } from "./list_questions.ts";
import { CUSTOMER } from "./names.ts";
import type { Question } from "./question.ts";

const STRANGER = `${CUSTOMER}stranger`;
const ANN = `${CUSTOMER}ann`;

function refused(
  verb: string,
  body: unknown,
  [status, code, word]: readonly [number, string, string],
  rest: Partial<Question> = {},
): Question {
  return ask(verb, body, {
    status,
    code,
    counted: { verb: { recipe: "shop", verb, status: word } },
    ...rest,
  });
}

/** Status, code, and the word that metrics have for it. */
const INVALID = [422, "VALIDATION_ERROR", "validation_error"] as const;
const TOO_LARGE = [413, "BODY_TOO_LARGE", "validation_error"] as const;
const NO_USER = [404, "UNKNOWN_USER", "unknown_user"] as const;
const NO_SEEDS = [404, "UNKNOWN_SEED_ITEMS", "unknown_seed_items"] as const;
const NONE_LEFT = [404, "NO_CANDIDATES", "no_candidates"] as const;
const NO_RECIPE = [404, "RECIPE_NOT_FOUND", "recipe_not_found"] as const;
const NO_KEY = [401, "MISSING_API_KEY", ""] as const;

/** What is refused before it is known to be a request to a verb. */
const UNCOUNTED = { counted: {} };

const VERBS: readonly Question[] = [
  refused("recommend", { user_id: STRANGER }, NO_USER),
  refused("recommend", { items: ["none"] }, NO_SEEDS),
  refused("recommend-related", { seed_items: ["none"] }, NO_SEEDS),
  refused(
    "recommend-related",
    { seed_items: ["eggs"], candidates: ["eggs"] },
    NONE_LEFT,
  ),
  refused("recommend", { user_id: ANN, limit: "2" }, INVALID),
  refused(
    "recommend",
    { user_id: ANN, filter: { field: "colour", eq: "red" } },
    INVALID,
  ),
  refused("batch-recommend", { requests: [] }, INVALID),
  refused("recommend", null, INVALID, { body: `{"user_id":"${ANN}"` }),
  refused("recommend", null, INVALID, {
    body: `{"user_id":"${ANN}","user_id":"${ANN}"}`,
  }),
  refused("recommend", null, TOO_LARGE, { body: " ".repeat(2 ** 20 + 1) }),
  refused("recommend", { user_id: ANN }, NO_RECIPE, {
    path: "/v1/recipes/attic:recommend",
    counted: {
      verb: { recipe: "unknown", verb: "recommend", status: NO_RECIPE[2] },
    },
  }),
  refused("recommend", { user_id: ANN }, NO_KEY, { key: null, ...UNCOUNTED }),
];

function anyPrediction(random: Random): Question {
  const prediction = {
    method: "POST",
    route: "/predict/:name",
    path: "/predict/shop",
    counted: { predict: { recipe: "shop", status: "error" } },
  };
  switch (random.int(4)) {
    case 0:
      return {
        ...prediction,
        body: JSON.stringify({ user_id: STRANGER }),
        status: 404,
        code: "user_not_found",
        counted: { predict: { recipe: "shop", status: "user_not_found" } },
      };
    case 1:
      return {
        ...prediction,
        body: "x".repeat(64 * 1024 + 1),
        chunked: random.int(2) === 0,
        status: 413,
        code: "body_too_large",
      };
    case 2:
      return {
        ...prediction,
        body: `{"user_id":"${ANN}","cutoff":1,"cutoff":2}`,
        status: 422,
        code: "validation_error",
      };
    default:
      return {
        ...prediction,
        body: "[",
        status: 422,
        code: "validation_error",
      };
  }
}

const ELSEWHERE: readonly Question[] = [
  {
    method: "GET",
    path: "/v1/recipes/shop:recommend",
    status: 405,
    code: null,
    route: "/v1/recipes/:call",
    ...UNCOUNTED,
  },
  {
    method: "DELETE",
    path: "/predict/shop",
    status: 405,
    code: "method_not_allowed",
    route: "/predict/:name",
    ...UNCOUNTED,
  },
  {
    method: "GET",
    path: "/v1/recipes/attic",
    status: 404,
    code: "RECIPE_NOT_FOUND",
    route: "/v1/recipes/:call",
    ...UNCOUNTED,
  },
  {
    method: "GET",
    path: "/v1/recipes/at%20tic",
    status: 422,
    code: "VALIDATION_ERROR",
    route: "/v1/recipes/:call",
    counted: { outside: true },
  },
  {
    method: "GET",
    path: `/v1/recipes/shop/${ANN}`,
    status: 404,
    code: null,
    route: "/*",
    ...UNCOUNTED,
  },
];

/** Asks for what must be refused. */
export function askAmiss(random: Random): Question {
  switch (random.int(3)) {
    case 0:
      return VERBS[random.int(VERBS.length)]!;
    case 1:
      return anyPrediction(random);
    default:
      return ELSEWHERE[random.int(ELSEWHERE.length)]!;
  }
}
