import { assertEquals } from "@std/assert";
import { servingTable } from "../../train/serving_table.ts";

Deno.test("servingTable() puts each default beside plain lists", () => {
  assertEquals(
    servingTable({
      recipe: "books",
      artifact: {
        uri: "books.recotem",
        kid: "shop",
        best_class: "IALSRecommender",
        trained_at: "2026-11-02T03:04:05Z",
      },
      cutoff: 20,
      held_out: "test",
      users: 40,
      scores: [
        {
          name: "plain",
          ndcg: 0.25,
          recall: 0.5,
          coverage: 1,
          interval: [0.2, 0.3],
          change: null,
        },
        {
          name: "filter",
          ndcg: 0.2,
          recall: 0.4,
          coverage: 0.255,
          interval: [0.1, 0.3],
          change: { ndcg: -0.05, interval: [-0.1, 0.01] },
        },
      ],
    }),
    `books: IALSRecommender, 40 users, what no trial saw

        NDCG@20   change                95 %  Recall@20  coverage
plain    0.2500                                  0.5000   100.0 %
filter   0.2000  -0.0500  -0.1000 to +0.0100     0.4000    25.5 %
`,
  );
});
