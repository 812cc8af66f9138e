import { assertEquals } from "@std/assert";
import { duration } from "../../../train/view/duration.ts";

Deno.test("duration() has minutes and seconds, and hours when there are any", () => {
  assertEquals(
    [0, -3, 6.6, 59.5, 750, 3600, 90_061].map(duration),
    ["0:00", "0:00", "0:07", "1:00", "12:30", "1:00:00", "25:01:01"],
  );
});
