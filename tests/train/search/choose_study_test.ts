import { assertEquals } from "@std/assert";
import {
  chooseStudy,
  type StudyState,
} from "../../../train/search/choose_study.ts";

function study(
  asked: number,
  scores: readonly number[] = [],
  changes: Partial<StudyState> = {},
): StudyState {
  return { asked, scores, exhausted: false, budget: null, ...changes };
}

Deno.test("chooseStudy() lets studies take turns, the first one first, until each has shown what it can do", () => {
  assertEquals(chooseStudy([study(0), study(0)], 40), 0);
  assertEquals(chooseStudy([study(1), study(0)], 40), 1);
  assertEquals(chooseStudy([study(8, [0.9]), study(7, [0.1])], 40), 1);
});

Deno.test("chooseStudy() gives what is left to the better half, and in the end to the best", () => {
  const four = (done: number) => [
    study(8, [0.1]),
    study(8, [0.4]),
    study(8 + done, [0.3]),
    study(8, [0.2]),
  ];
  assertEquals(chooseStudy(four(0), 72), 1);
  // The first of two stages: the better two take turns.
  assertEquals(chooseStudy([...four(0).with(1, study(9, [0.4]))], 72), 2);
  // The second: the best alone, however many trials it has had.
  assertEquals(chooseStudy(four(20).with(1, study(28, [0.4])), 80), 1);
});

Deno.test("chooseStudy() counts what a score rose by in the later half of the trials", () => {
  const rising = study(8, [0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.25]);
  const flat = study(8, [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]);
  assertEquals(chooseStudy([flat, rising], 20), 1);
});

Deno.test("chooseStudy() passes over studies with nothing more to try", () => {
  const done = study(1, [0.1], { exhausted: true });
  assertEquals(chooseStudy([done, study(8, [0.2])], 40), 1);
  assertEquals(
    chooseStudy([done, study(8, [], { exhausted: true })], 40),
    null,
  );
});

Deno.test("chooseStudy() ends where no open study would reach what an exhausted one has, rising as it did", () => {
  const done = study(8, [0.9], { exhausted: true });
  assertEquals(chooseStudy([done, study(8, [0.5, 0.5, 0.6, 0.6])], 40), null);
  assertEquals(chooseStudy([done, study(8, [0.1, 0.1, 0.5, 0.6])], 40), 1);
  assertEquals(chooseStudy([done, study(8)], 40), 1);
  // Trials that the recipe gives are made all the same.
  assertEquals(chooseStudy([done, study(3, [0.1], { budget: 5 })], 40), 1);
});

Deno.test("chooseStudy() keeps to the trials that the recipe gives", () => {
  const given = (asked: number, budget: number) => study(asked, [], { budget });
  assertEquals(chooseStudy([given(3, 3), given(1, 2)], 5), 1);
  assertEquals(chooseStudy([given(3, 3), given(2, 2)], 5), null);
  assertEquals(chooseStudy([given(3, 3), given(1, 1)], 9), null);
});

Deno.test("chooseStudy() ends with the last trial", () => {
  assertEquals(chooseStudy([study(2), study(1)], 3), null);
  assertEquals(chooseStudy([study(1), study(1), study(0)], 2), null);
});
