import { assert, assertEquals } from "@std/assert";
import {
  line,
  points,
  seriesClass,
} from "../../../../train/report/plot/marks.ts";

Deno.test("points() draws what lies in one place once, from the bottom left", () => {
  const drawn = String(points([[0, 0], [0, 0], [1, 1], [0.5, 0.25]], 0));
  assert(drawn.includes('d="M0 1000h.1M1000 0h.1M500 750h.1"'), drawn);
  assertEquals(points([], 0), null);
});

Deno.test("points() makes hollow shapes of two strokes", () => {
  assertEquals(String(points([[0, 0]], 1)).match(/<path/g)?.length, 1);
  assertEquals(String(points([[0, 0]], 2)).match(/<path/g)?.length, 2);
});

Deno.test("seriesClass() tells as many series apart as there are algorithms", () => {
  const classes = Array.from(
    { length: 28 },
    (_, series) => seriesClass(series),
  );
  assertEquals(new Set(classes).size, 28);
});

Deno.test("line() goes straight, or in steps", () => {
  const places = [[0, 0], [0.5, 0.2], [1, 1]] as const;
  assert(String(line(places, "a")).includes('d="M0 1000L500 800L1000 0"'));
  assert(String(line(places, "a", true)).includes("M0 1000H500V800H1000V0"));
});
