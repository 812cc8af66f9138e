import type { IdMap } from "../core/models/id_map.ts";
import type { ItemTable } from "../core/models/item_table.ts";
import { flat } from "./flat.ts";

/** Most characters of encoded items that are kept per model; a catalogue of 100,000 items with short titles fits. */
const MAX_KEPT_CHARACTERS = 16 * 2 ** 20;

/** One item as JSON in two parts, with the score to be written between them. */
export interface ItemFragment {
  /** `{"item_id":"…","score":`. */
  readonly before: string;
  /** The item's fields and the closing brace. */
  readonly after: string;
}

/**
 * Items as JSON, encoded when first asked for and kept: the same few thousand items are in all answers, and encoding
 * them each time costs more than ranking them.
 */
export class ItemFragments {
  readonly #ids: IdMap;
  readonly #table: ItemTable | null;
  readonly #fields: readonly string[];
  readonly #kept: (ItemFragment | undefined)[];
  #room = MAX_KEPT_CHARACTERS;

  /**
   * @param ids Ids of the items.
   * @param table The fields that are answered.
   */
  constructor(ids: IdMap, table: ItemTable | null) {
    this.#ids = ids;
    this.#table = table;
    this.#fields = (table?.fields ?? []).filter((field) =>
      field !== "item_id" && field !== "score"
    );
    this.#kept = new Array(ids.size);
  }

  /** The parts of an item; throws what the item table throws. */
  get(item: number): ItemFragment {
    const kept = this.#kept[item];
    if (kept) return kept;
    const fragment = {
      before: flat(this.bare(item).before),
      after: flat(this.#encodeFields(item)),
    };
    const size = fragment.before.length + fragment.after.length;
    if (size <= this.#room) {
      this.#room -= size;
      this.#kept[item] = fragment;
    }
    return fragment;
  }

  /** The parts of an item without its fields. */
  bare(item: number): ItemFragment {
    const before = this.#kept[item]?.before ??
      `{"item_id":${JSON.stringify(this.#ids.id(item))},"score":`;
    return { before, after: "}" };
  }

  #encodeFields(item: number): string {
    if (this.#table === null || this.#fields.length === 0) return "}";
    const row = this.#table.row(item);
    let json = "";
    for (const field of this.#fields) {
      json += `,${JSON.stringify(field)}:${JSON.stringify(row[field]!)}`;
    }
    return json + "}";
  }
}
