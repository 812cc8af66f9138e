import { assertEquals } from "@std/assert";
import { leaderboard } from "../../train/leaderboard.ts";
import { trial } from "./fixture.ts";

const LISTS = { coverage: 0.7, novelty: 3, gini: 0.8 };
const OTHERS = { coverage: 0.5, novelty: 2, gini: 0.9 };

Deno.test("leaderboard() has a row for each algorithm, best first, with its best trial's score, interval and lists, trials and time", () => {
  assertEquals(
    leaderboard([
      trial({ algorithm: "TopPop", score: 0.1, seconds: 1 }),
      trial({ algorithm: "IALS", score: 0.2, seconds: 2, evaluation: OTHERS }),
      trial({
        algorithm: "IALS",
        score: 0.4,
        seconds: 4,
        evaluation: { ...LISTS, interval: [0.3, 0.6] },
      }),
      trial({ algorithm: "IALS", score: 0.3, seconds: 8 }),
    ], "ndcg"),
    [
      {
        algorithm: "IALS",
        score: 0.4,
        interval: [0.3, 0.6],
        diversity: LISTS,
        params: {},
        trials: 3,
        seconds: 14,
      },
      {
        algorithm: "TopPop",
        score: 0.1,
        interval: [0.1, 0.1],
        diversity: { coverage: 1, novelty: 1, gini: 0 },
        params: {},
        trials: 1,
        seconds: 1,
      },
    ],
  );
});

Deno.test("leaderboard() puts algorithms without a score last, below a score of 0", () => {
  assertEquals(
    leaderboard([
      trial({ algorithm: "IALS", score: null, state: "failed" }),
      trial({ algorithm: "TopPop", score: 0 }),
    ], "map").map(({ algorithm, score }) => [algorithm, score]),
    [["TopPop", 0], ["IALS", null]],
  );
});

Deno.test("leaderboard() counts trials without a score", () => {
  const [row] = leaderboard([
    trial({ score: 0.5, seconds: 1 }),
    trial({ score: null, state: "failed", seconds: 2 }),
  ], "ndcg");
  assertEquals([row?.score, row?.trials, row?.seconds], [0.5, 2, 3]);
  const [none] = leaderboard(
    [trial({ score: null, state: "failed" })],
    "ndcg",
  );
  assertEquals([none?.score, none?.interval, none?.diversity], [
    null,
    null,
    null,
  ]);
});

Deno.test("leaderboard() compares by the metric it is given", () => {
  const rows = leaderboard([
    trial({ algorithm: "A", evaluation: { recall: 0.9, hit: 0.1 } }),
    trial({ algorithm: "B", evaluation: { recall: 0.8, hit: 0.2 } }),
  ], "hit");
  assertEquals(rows.map(({ algorithm }) => algorithm), ["B", "A"]);
});

Deno.test("leaderboard() tells the parameters of the best trial, its epochs among them, and none without a score", () => {
  const rows = leaderboard([
    trial({ algorithm: "A", score: 0.1, params: { x: 1 }, epochs: 5 }),
    trial({ algorithm: "A", score: 0.3, params: { x: 2 }, epochs: 10 }),
    trial({ algorithm: "A", score: 0.3, params: { x: 3 }, epochs: 15 }),
    trial({ algorithm: "B", score: null, params: { x: 4 }, state: "failed" }),
  ], "ndcg");
  assertEquals(rows.map(({ params }) => params), [
    { x: 2, train_epochs: 10 },
    null,
  ]);
});
