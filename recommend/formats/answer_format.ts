import type { IdMap } from "../../core/models/id_map.ts";
import type { ItemTable } from "../../core/models/item_table.ts";
import type { Answer } from "../answer.ts";

/** What answers are made of. */
export interface AnswerContents {
  /** Ids of the items. */
  readonly items: IdMap;
  /** Fields of the items; null when none are asked for or there are none. */
  readonly table: ItemTable | null;
  /** The names of the fields that are answered. */
  readonly fields: readonly string[];
  /** Whether it is told which answers are fallbacks. */
  readonly tellsFallback: boolean;
}

/** A block of answers as it stands in the file. */
export interface EncodedBlock {
  readonly bytes: Uint8Array;
  /** One for each item that was recommended. */
  readonly rows: number;
  /** What the end of the file needs to know of the block; a JSON value. */
  readonly note: unknown;
}

/** How answers are written: a head, then blocks, each on its own, then a tail. */
export interface AnswerFormat {
  /** What the file starts with. */
  head(): Uint8Array;
  /** @param offset Where in the file the block will start. */
  block(answers: readonly Answer[], offset: number): EncodedBlock;
  /** @param notes Those of all blocks, in order. */
  tail(notes: readonly unknown[]): Uint8Array;
}
