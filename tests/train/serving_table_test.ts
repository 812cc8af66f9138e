import { assert, assertEquals } from "@std/assert";
import type { ServingEvaluation } from "../../train/evaluate_serving.ts";
import { servingTable } from "../../train/serving_table.ts";

const EVALUATION: ServingEvaluation = {
  recipe: "retail",
  artifact: {
    uri: "artifacts/retail.recotem",
    kid: "one",
    best_class: "SparseEASERecommender",
    trained_at: "2026-11-24T08:00:00Z",
  },
  cutoff: 20,
  held_out: "validation",
  users: 3712,
  scores: [
    {
      name: "plain",
      ...{ ndcg: 0.27032, recall: 0.35021, coverage: 0.735 },
      lists_changed: 0,
      interval: [0.26, 0.28],
      change: null,
    },
    {
      name: "fallback",
      ...{ ndcg: 0.27032, recall: 0.35021, coverage: 0.735 },
      lists_changed: 0,
      interval: [0.26, 0.28],
      change: { ndcg: 0, interval: [0, 0] },
    },
    {
      name: "include_seen",
      ...{ ndcg: 0.13502, recall: 0.23711, coverage: 0.78 },
      lists_changed: 1,
      interval: [0.13, 0.14],
      change: { ndcg: -0.1353, interval: [-0.14, -0.1304] },
    },
    {
      name: "diversity",
      ...{ ndcg: 0.27048, recall: 0.3498, coverage: 1 },
      lists_changed: 0.2,
      interval: [0.26, 0.28],
      change: { ndcg: 0.00012, interval: [-0.0007, 0.00096] },
    },
  ],
};

Deno.test("servingTable() shows what each default costs by itself, within 80 columns, and what a reader may ask", () => {
  const table = servingTable(EVALUATION);
  assertEquals(
    table,
    `\
retail: SparseEASERecommender, lists of 20 for 3712 users
Fitted without what is held out: what the search was scored on

              NDCG@20   change                95 %  Recall@20  coverage
plain          0.2703                                  0.3502    73.5 %
fallback       0.2703     none     no list differs     0.3502    73.5 %
include_seen   0.1350  -0.1353  -0.1400 to -0.1304     0.2371    78.0 %
diversity      0.2705  +0.0001  -0.0007 to +0.0010     0.3498   100.0 %

change: of NDCG@20 by this default alone, and its interval over the same users
coverage: share of the items that are in some list
include_seen: nobody's held-out items are among what they have, so it only costs
`,
  );
  assert(table.split("\n").every((line) => line.length <= 80));
});

Deno.test("servingTable() says that there is nothing to compare where serving says nothing", () => {
  const table = servingTable({
    ...EVALUATION,
    held_out: "test",
    scores: EVALUATION.scores.slice(0, 1),
  });
  assertEquals(table.split("\n").slice(1), [
    "Fitted without what is held out: what no trial saw",
    "",
    "       NDCG@20  change  95 %  Recall@20  coverage",
    "plain   0.2703                   0.3502    73.5 %",
    "",
    "The recipe's serving says nothing that could be scored.",
    "coverage: share of the items that are in some list",
    "",
  ]);
});
