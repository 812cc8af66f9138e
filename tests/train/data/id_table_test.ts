import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { IdHash } from "../../../train/data/id_hash.ts";
import { IdKeys } from "../../../train/data/id_keys.ts";
import { IdTable } from "../../../train/data/id_table.ts";
import { TextBuilder } from "../../../train/data/text_builder.ts";

/** A hash whose numbers follow from `seed`, by xorshift. */
function hashOf(seed: number): IdHash {
  let state = seed;
  return new IdHash((numbers) => {
    for (let i = 0; i < numbers.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      numbers[i] = Math.imul(state, 0x2545f491);
    }
  });
}

/** The number of each text, by a table with this hash. */
function number(
  texts: readonly string[],
  hash: IdHash,
): { codes: Uint32Array; table: IdTable } {
  const encoder = new TextEncoder();
  const builder = new TextBuilder();
  for (const text of texts) {
    const bytes = encoder.encode(text);
    builder.add(bytes, 0, bytes.length);
  }
  const table = new IdTable("user", hash);
  const column = { type: "text" as const, values: [], encoded: builder.take() };
  const codes = table.codesOf(column, new Uint8Array(texts.length).fill(1));
  return { codes, table };
}

Deno.test("IdTable numbers ids as they first come, whatever numbers its hash draws", () => {
  const id = fc.oneof(
    fc.string({ minLength: 1, unit: "binary" }).filter((text) =>
      text.isWellFormed()
    ),
    fc.constantFrom("0", "1", "01", "7777777", "77777777", "-1", "u1", "u10"),
    // Lengths around those of one, two and three words.
    fc.integer({ min: 1, max: 30 }).map((length) => "é7".repeat(length)),
  );
  fc.assert(
    fc.property(
      fc.array(id, { maxLength: 600 }),
      fc.integer({ min: 1 }),
      (texts, seed) => {
        const numbers = new Map<string, number>();
        for (const text of texts) {
          if (!numbers.has(text)) numbers.set(text, numbers.size);
        }
        const { codes, table } = number(texts, hashOf(seed));
        assertEquals([...codes], texts.map((text) => numbers.get(text)));
        assertEquals(table.size, numbers.size);
      },
    ),
    { numRuns: 50 },
  );
});

for (
  const [kind, textOf] of [
    ["short", (i: number) => `a${i.toString(36)}`],
    ["long", (i: number) => `customer-${i.toString(36)}-example`],
  ] as const
) {
  Deno.test(`IdTable passes few slots for ${kind} ids that collide under numbers other than its own`, () => {
    const known = hashOf(1);
    const keys = new IdKeys(1, known);
    const encoder = new TextEncoder();
    const texts: string[] = [];
    for (let i = 0; texts.length < 1000; i++) {
      const bytes = encoder.encode(textOf(i));
      keys.setText(0, new DataView(bytes.buffer), 0, bytes.length);
      // So many bits choose among the slots of a table of a thousand ids.
      if ((keys.words[3]! & 0x7ff) === 0) texts.push(textOf(i));
    }
    const attacked = number(texts, known).table;
    // Each id is sought behind all before it.
    assert(attacked.misses > 200_000, `${attacked.misses}`);
    for (const seed of [2, 3, 4]) {
      const { table } = number(texts, hashOf(seed));
      assertEquals(table.size, 1000);
      assert(table.misses < 2000, `${table.misses} with seed ${seed}`);
    }
  });
}
