import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { IdHash } from "../../../train/data/id_hash.ts";
import { IdTable } from "../../../train/data/id_table.ts";
import { seededIdHash } from "./seeded_id_hash.ts";
import { TextBuilder } from "../../../train/data/text_builder.ts";

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
        const { codes, table } = number(texts, seededIdHash(seed));
        assertEquals([...codes], texts.map((text) => numbers.get(text)));
        assertEquals(table.size, numbers.size);
      },
    ),
    { numRuns: 50 },
  );
});

/** A hash that is the same for all ids. */
class OneHash extends IdHash {
  calls = 0;

  override ofWords(): number {
    this.calls++;
    return 7;
  }
}

Deno.test("IdTable tells ids apart that have one hash, which it is given", () => {
  const hash = new OneHash(() => {});
  const texts = Array.from(
    { length: 1000 },
    (_, i) => (i % 2 === 0 ? "a" : "customer-example-") + (i % 400),
  );
  const { codes, table } = number(texts, hash);
  assertEquals([...codes], texts.map((_, i) => i % 400));
  assertEquals(table.size, 400);
  assert(hash.calls >= texts.length);
});
