import { assertEquals } from "@std/assert";
import {
  counted,
  duration,
  parameter,
  percent,
  score,
  size,
  tickFormat,
  time,
} from "../../../../train/report/html/format.ts";

Deno.test("counted() tells one from many, and separates thousands", () => {
  assertEquals(counted(1, "user", "users"), "1 user");
  assertEquals(counted(4285, "user", "users"), "4,285 users");
});

Deno.test("score() has four decimals, and a dash for none", () => {
  assertEquals([score(0.21921), score(null)], ["0.2192", "–"]);
});

Deno.test("percent() keeps small shares apart from none", () => {
  assertEquals(
    [0, 0.00012, 0.0161, 0.4237, 0.9999, 1].map(percent),
    ["0.0 %", "0.012 %", "1.6 %", "42.4 %", "100 %", "100 %"],
  );
});

Deno.test("duration() takes the unit that fits", () => {
  assertEquals(
    [0, 0.0397, 0.9999, 2.94, 59.96, 61, 3599.6, 7322].map(duration),
    [
      "0 ms",
      "40 ms",
      "1 s",
      "2.9 s",
      "1 min 0 s",
      "1 min 1 s",
      "1 h 0 min",
      "2 h 2 min",
    ],
  );
});

Deno.test("size() takes the unit that fits", () => {
  assertEquals(
    [null, 512, 4_619_110, 65e6, 3.2e9].map(size),
    ["–", "0.5 kB", "4.6 MB", "65 MB", "3.2 GB"],
  );
});

Deno.test("parameter() is short for all magnitudes and types", () => {
  assertEquals(
    [102, 0.000303123, 1e-5, 259.5, 0, 2e9, true, "BM_25"].map(parameter),
    ["102", "3.03e-4", "1e-5", "259.5", "0", "2e+9", "true", "BM_25"],
  );
});

Deno.test("tickFormat() gives all marks the same decimals", () => {
  const ticks = [0, 0.05, 0.1];
  assertEquals(ticks.map(tickFormat(ticks)), ["0.00", "0.05", "0.10"]);
  assertEquals([0, 5e-5].map(tickFormat([0, 5e-5])), ["0", "5e-5"]);
});

Deno.test("time() is that of UTC, to the minute", () => {
  assertEquals(time("2026-11-24T12:18:31Z"), "2026-11-24 12:18 UTC");
});
