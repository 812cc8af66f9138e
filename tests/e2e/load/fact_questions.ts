import type { Random } from "../../../core/kernels/random.ts";
import { RECIPES } from "./names.ts";
import type { Question } from "./question.ts";

type Members = Readonly<Record<string, unknown>>;

function get(path: string, rest: Partial<Question> = {}): Question {
  return {
    method: "GET",
    path,
    status: 200,
    route: path,
    counted: {},
    ...rest,
  };
}

/** Asks which recipes are served, and by which models. */
export const LIST_RECIPES: Question = get("/v1/recipes", {
  answer: (versionOf, body) => ({
    recipes: RECIPES.map((name, at) => ({
      ...(body as { recipes: Members[] }).recipes[at],
      name,
      model_version: versionOf(name).id,
    })),
  }),
});

const QUESTIONS: readonly Question[] = [
  LIST_RECIPES,
  get("/v1/recipes/shop", {
    route: "/v1/recipes/:call",
    answer(versionOf, body) {
      const { id, trainedAt } = versionOf("shop");
      const said = { name: "shop", model_version: id, trained_at: trainedAt };
      return { ...body as Members, ...said };
    },
  }),
  get("/models", {
    answer: (versionOf, body) =>
      RECIPES.map((name, at) => ({
        ...(body as Members[])[at],
        name,
        recipe_name: name,
        trained_at: versionOf(name).trainedAt,
      })),
  }),
  get("/v1/health", {
    key: null,
    answer: () => ({ status: "ok", total: 2, loaded: 2 }),
  }),
  get("/metrics", { key: null }),
  get("/v1/metrics"),
];

/** Asks what is served and how it is. */
export function askFacts(random: Random): Question {
  return QUESTIONS[random.int(QUESTIONS.length)]!;
}
