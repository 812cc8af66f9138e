import { assertEquals } from "@std/assert";
import type { HeaderFields } from "../../artifact/header.ts";
import { denseSlim } from "../../algorithms/dense_slim.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import { artifactHeader, type RunFacts } from "../../train/artifact_header.ts";
import { scored } from "./fixture.ts";
import type { Trial } from "../../train/search/trial.ts";

const RECIPE = `
name: books
source: { type: csv, path: loans.csv }
schema: { user_column: reader, item_column: book }
training: { algorithms: [DenseSLIM] }
output: { path: books.recotem }
`;

async function header(kept: RunFacts["kept"]): Promise<HeaderFields> {
  const best = {
    number: 0,
    algorithm: denseSlim,
    params: { reg: 3 },
    state: "complete",
    evaluation: scored(0.5),
    epochs: null,
  } as unknown as Trial;
  return artifactHeader(
    await parseRecipe(RECIPE, { path: "books.yaml", env: new Map() }),
    { best, trials: [best] },
    { rows: 1, users: 1, items: 1, dropped: 0, withoutId: 0 },
    {
      recipeHash: "",
      engine: "",
      modelKind: "similarity",
      settled: {},
      trainedAt: new Date(0),
      kept,
      popularity: scored(0.1),
      test: null,
    },
  );
}

Deno.test("artifactHeader() gives the score of the weights that the artifact holds, and that of all beside it", async () => {
  const { best_score, best_score_interval, metrics, weights } = await header({
    format: { topK: 128, per: "target", precision: "f16" },
    score: 0.49,
    evaluation: scored(0.49),
    fullScore: 0.5,
  });
  assertEquals([best_score, best_score_interval], [0.49, [0.49, 0.49]]);
  assertEquals(metrics?.ndcg, 0.49);
  assertEquals(weights, {
    top_k: 128,
    per: "target",
    precision: "f16",
    full_score: 0.5,
  });
});

Deno.test("artifactHeader() says nothing of weights for models of other kinds", async () => {
  const other = await header(null);
  assertEquals(other.best_score, 0.5);
  assertEquals("weights" in other, false);
});
