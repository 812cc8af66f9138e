import { assertEquals } from "@std/assert";
import { LookOnRequest } from "../../serve/look_on_request.ts";

Deno.test("LookOnRequest looks once per interval, counted from the end of the last look, and one look at a time", async () => {
  let time = 0;
  let looks = 0;
  let end = () => {};
  const look = new LookOnRequest(
    {
      lookAndCount() {
        looks++;
        return new Promise((resolve) => end = resolve);
      },
    },
    5,
    () => time,
  );
  async function requestAt(milliseconds: number): Promise<number> {
    time = milliseconds;
    look.due();
    look.due();
    await Promise.resolve();
    return looks;
  }
  assertEquals(await requestAt(4999), 0);
  assertEquals(await requestAt(5000), 1);
  assertEquals(await requestAt(60_000), 1);
  end();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(await requestAt(64_999), 1);
  assertEquals(await requestAt(65_000), 2);
});
