import { assertEquals } from "@std/assert";
import { EarlyStopping } from "../../../train/search/early_stopping.ts";
import { scored } from "../fixture.ts";
import { EPOCHS } from "./fixture.ts";

Deno.test("EarlyStopping is due as often as the rule says, and at the last epoch", () => {
  const stopping = new EarlyStopping({ epochs: EPOCHS }, "ndcg");
  const due = Array.from({ length: 128 }, (_, n) => n + 1)
    .filter((epoch) => stopping.isDue(epoch));
  const fives = Array.from({ length: 25 }, (_, n) => 5 * (n + 1));
  assertEquals(due, [...fives, 128]);
});

for (
  const [rule, scores, best] of [
    ["five scores that are no better", [3, 1, 1, 1, 1, 1], [5, 3]],
    ["equal scores, which are no better", [2, 2, 2, 2, 2, 2], [5, 2]],
    [
      "five in a row: a better one starts the count anew",
      [3, 1, 1, 1, 1, 4, 1, 2, 3, 4, 4],
      [30, 4],
    ],
    ["scores that are all 0", [0, 0, 0, 0, 0, 0], [5, 0]],
  ] as const
) {
  Deno.test(`EarlyStopping stops after ${rule}`, () => {
    const stopping = new EarlyStopping({ epochs: EPOCHS }, "map");
    const answers = scores.map((score, n) =>
      stopping.record(5 * (n + 1), scored(score))
    );
    assertEquals(answers.indexOf("stop"), scores.length - 1);
    assertEquals(stopping.best?.epoch, best[0]);
    assertEquals(stopping.best?.evaluation, scored(best[1]));
  });
}

Deno.test("EarlyStopping goes on while scores rise", () => {
  const stopping = new EarlyStopping({ epochs: EPOCHS }, "ndcg");
  for (let epoch = 5; epoch <= 125; epoch += 5) {
    assertEquals(stopping.record(epoch, scored(epoch)), "go on");
  }
  assertEquals(stopping.best?.epoch, 125);
});

Deno.test("EarlyStopping watches the metric it was told to, and keeps the score of each epoch", () => {
  const stopping = new EarlyStopping({ epochs: EPOCHS }, "recall");
  stopping.record(5, { ...scored(1), recall: 2 });
  stopping.record(10, { ...scored(9), recall: 1 });
  assertEquals(stopping.best?.epoch, 5);
  assertEquals(stopping.curve, new Map([[5, 2], [10, 1]]));
});

Deno.test("EarlyStopping has no best before the first score", () => {
  assertEquals(new EarlyStopping({ epochs: EPOCHS }, "ndcg").best, null);
});
