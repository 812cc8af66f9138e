import { assert, assertEquals } from "@std/assert";
import { leaderboardText } from "../../../train/view/leaderboard_text.ts";

const ROWS = [
  {
    algorithm: "IALS",
    score: 0.209112,
    params: { n_components: 128, alpha0: 0.0146199, reg: 1.3e-8 },
    trials: 19,
    seconds: 20.04,
  },
  { algorithm: "TopPop", score: 0, params: {}, trials: 1, seconds: 0 },
  { algorithm: "BPRFM", score: null, params: null, trials: 2, seconds: 123.4 },
];

Deno.test("leaderboardText() puts the parameters beside the table where there is room", () => {
  assertEquals(
    leaderboardText(ROWS, "ndcg@20", 80),
    `  algorithm  ndcg@20  trials  seconds  parameters
  IALS       0.20911      19     20.0  n_components=128 alpha0=0.01462
                                       reg=1.3e-8
  TopPop     0.00000       1      0.0
  BPRFM            -       2    123.4
`,
  );
});

Deno.test("leaderboardText() puts the parameters below each algorithm where there is no room beside it", () => {
  assertEquals(
    leaderboardText(ROWS, "ndcg@20", 40),
    `  algorithm  ndcg@20  trials  seconds
  IALS       0.20911      19     20.0
    n_components=128 alpha0=0.01462
    reg=1.3e-8
  TopPop     0.00000       1      0.0
  BPRFM            -       2    123.4
`,
  );
});

Deno.test("leaderboardText() is narrower than the screen, from 40 columns on, whatever the names", () => {
  const rows = [
    ...ROWS,
    { ...ROWS[0]!, algorithm: "AsymmetricCosineUserKNN" },
  ];
  for (let columns = 40; columns <= 120; columns++) {
    for (
      const line of leaderboardText(rows, "recall@100", columns).split("\n")
    ) {
      assert(line.length < columns, `${columns}: ${line}`);
    }
  }
});
