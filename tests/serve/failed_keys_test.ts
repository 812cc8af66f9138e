import { assertEquals, assertLess } from "@std/assert";
import { FailedKeys } from "../../serve/failed_keys.ts";

const MINE = "192.0.2.1";

/** Notes wrong keys until the budget is spent; returns how many it took. */
function spend(failed: FailedKeys, address: string): number {
  for (let count = 1;; count++) if (failed.note(address)) return count;
}

Deno.test("FailedKeys gives an address 30 wrong keys at once, then one in two seconds", () => {
  let time = 0;
  const failed = new FailedKeys(() => time);
  assertEquals([failed.none, failed.wait(MINE)], [true, 0]);
  assertEquals(spend(failed, MINE), 30);
  assertEquals([failed.none, failed.wait(MINE)], [false, 2]);
  time = 1999;
  assertEquals(failed.wait(MINE), 1);
  time = 2000;
  assertEquals(failed.wait(MINE), 0);
  assertEquals(failed.note(MINE), true);
  time = 62_000;
  assertEquals(spend(failed, MINE), 30);
});

Deno.test("FailedKeys counts addresses apart, but those of one IPv6 network together", () => {
  const failed = new FailedKeys(() => 0);
  spend(failed, MINE);
  assertEquals(failed.wait("192.0.2.2"), 0);
  spend(failed, "2001:db8::1");
  for (
    const [address, held] of [
      ["2001:db8::2", true],
      ["2001:db8:0:0:ffff::", true],
      ["2001:db8:0:1::1", false],
      ["2001:db8:1::1", false],
      ["::1", false],
    ] as const
  ) assertEquals(failed.wait(address) > 0, held, address);
  spend(failed, "::ffff:192.0.2.3");
  assertEquals(failed.wait("::ffff:192.0.2.4"), 0);
});

Deno.test("FailedKeys remembers a bounded number of addresses, the latest ones, and forgets those whose budget is whole", () => {
  let time = 0;
  const failed = new FailedKeys(() => time);
  spend(failed, MINE);
  for (let i = 0; i < 4095; i++) failed.note(`a${i}`);
  assertLess(0, failed.wait(MINE));
  failed.note("one more");
  assertEquals(failed.wait(MINE), 0);
  time = 1e6;
  failed.note(MINE);
  time = 2e6;
  failed.note("another");
  failed.note("another");
  assertEquals(failed.wait(MINE), 0);
});
