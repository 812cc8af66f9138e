import { type FieldTest, filterParts, type ItemFilter } from "./item_filter.ts";
import type { ItemTable } from "./item_table.ts";
import { matchItems } from "./match_items.ts";

/** Most bytes that are kept: of 40,000 items the masks of a hundred filters. */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Which items each filter takes, kept for the filters that were asked for last: most requests share a few, and to make
 * the tests anew takes ten times as long as all else of an answer. Masks of what is seldom asked for make room.
 */
export class FilterMasks {
  readonly #table: ItemTable | null;
  readonly #items: number;
  /** In the order of their last use. */
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;

  /** Of the items of a table; without one there are no fields to ask for. */
  constructor(table: ItemTable | null, items: number) {
    this.#table = table;
    this.#items = items;
  }

  /**
   * 1 for each item that the filter takes, else 0; not to be written to.
   *
   * @throws {RangeError} As {@linkcode matchItems}.
   */
  of(filter: ItemFilter): Uint8Array {
    const key = JSON.stringify(canonical(filter), exact);
    let mask = this.#kept.get(key);
    if (mask) {
      this.#kept.delete(key);
    } else {
      mask = matchItems(filter, this.#table, this.#items);
      const bytes = sizeOf(key, mask);
      if (bytes > MAX_BYTES) return mask;
      this.#bytes += bytes;
    }
    this.#kept.set(key, mask);
    for (const [oldest, old] of this.#kept) {
      if (this.#bytes <= MAX_BYTES) break;
      this.#kept.delete(oldest);
      this.#bytes -= sizeOf(oldest, old);
    }
    return mask;
  }
}

function sizeOf(key: string, mask: Uint8Array): number {
  return 2 * key.length + mask.length;
}

/** JSON has no NaN and no infinity, and takes them for null. */
function exact(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value)
    ? { number: String(value) }
    : value;
}

/** The same value for filters that say the same in another order of keys. */
function canonical(filter: ItemFilter): unknown {
  if ("field" in filter) return testOf(filter);
  if ("not" in filter) return ["not", canonical(filter.not)];
  const [key, parts] = filterParts(filter);
  return [key, ...parts.map(canonical)];
}

function testOf(
  { field, eq, in: among, lt, lte, gt, gte, exists }: FieldTest,
): readonly unknown[] {
  // What is absent becomes null, which no test compares with.
  return ["field", field, eq, among, lt, lte, gt, gte, exists];
}
