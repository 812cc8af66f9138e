import { assertEquals, assertRejects } from "@std/assert";
import { createSharedWork } from "../../../train/search/shared_work.ts";

Deno.test("createSharedWork() makes each value once, also for uses at the same time", async () => {
  const shared = createSharedWork();
  let made = 0;
  const make = () => Promise.resolve({ made: ++made });
  const [first, second] = await Promise.all([
    shared.get("transpose", make),
    shared.get("transpose", make),
  ]);
  assertEquals(first === second, true);
  assertEquals(await shared.get("transpose", make), { made: 1 });
  assertEquals(await shared.get("features", make), { made: 2 });
});

Deno.test("createSharedWork() makes a value again after a failure", async () => {
  const shared = createSharedWork();
  await assertRejects(
    () =>
      shared.get("transpose", () => {
        throw new Error("out of memory");
      }),
    Error,
    "out of memory",
  );
  assertEquals(await shared.get("transpose", () => 1), 1);
});
