import { assert } from "@std/assert";
import type { IdHash } from "../../../train/data/id_hash.ts";
import { IdKeys } from "../../../train/data/id_keys.ts";
import { seededIdHash } from "./seeded_id_hash.ts";

/** Slots of a table that is about half full of a thousand ids. */
const SLOTS = 2 ** 11;

/** Where each text is sought first. */
function slotsOf(texts: readonly string[], hash: IdHash): number[] {
  const keys = new IdKeys(1, hash);
  const encoder = new TextEncoder();
  return texts.map((text) => {
    const bytes = encoder.encode(text);
    keys.setText(0, new DataView(bytes.buffer), 0, bytes.length);
    return keys.words[3]! & (SLOTS - 1);
  });
}

/** How many taken slots are passed when texts are put into a table by linear probing. */
function passed(texts: readonly string[], hash: IdHash): number {
  const taken = new Uint8Array(SLOTS);
  let count = 0;
  for (let slot of slotsOf(texts, hash)) {
    for (; taken[slot] === 1; count++) slot = (slot + 1) % SLOTS;
    taken[slot] = 1;
  }
  return count;
}

for (
  const [kind, textOf] of [
    ["short", (i: number) => `a${i.toString(36)}`],
    ["long", (i: number) => `customer-${i.toString(36)}-example`],
  ] as const
) {
  Deno.test(`IdKeys spreads ${kind} ids that collide under numbers other than its own`, () => {
    const known = seededIdHash(1);
    const texts: string[] = [];
    for (let first = 0; texts.length < 1000; first += SLOTS) {
      const some = Array.from({ length: SLOTS }, (_, i) => textOf(first + i));
      const slots = slotsOf(some, known);
      texts.push(...some.filter((_, i) => slots[i] === 0));
    }
    texts.length = 1000;
    // Each id is sought behind all before it.
    assert(passed(texts, known) === 499_500);
    for (const seed of [2, 3, 4]) {
      const count = passed(texts, seededIdHash(seed));
      assert(count < 2000, `${count} with seed ${seed}`);
    }
  });
}
