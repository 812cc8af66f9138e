import { assertEquals } from "@std/assert";
import { sequenceOf } from "../../artifact/sequence_of.ts";

Deno.test("sequenceOf() is the header's own, or the time of training in milliseconds where there is none", () => {
  const trained_at = "2026-05-04T03:02:01Z";
  const sequence = Date.UTC(2026, 4, 4, 3, 2, 1, 234);
  assertEquals(sequenceOf({ trained_at, sequence }), sequence);
  assertEquals(sequenceOf({ trained_at, sequence: 0 }), 0);
  assertEquals(sequenceOf({ trained_at }), sequence - 234);
});
