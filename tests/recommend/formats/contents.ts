/** Answers to two users, and the items in them. */
import { IdMap } from "../../../core/models/id_map.ts";
import { ItemTable } from "../../../core/models/item_table.ts";
import type { Answer } from "../../../recommend/answer.ts";
import type { AnswerContents } from "../../../recommend/formats/answer_format.ts";

const TABLE: ItemTable = ItemTable.from(3, [
  { name: "title", type: "text", values: ['Tea, "black"', null, ""] },
  { name: "price", type: "number", values: [3.5, null, 2] },
  { name: "new", type: "boolean", values: [true, null, false] },
  { name: "score", type: "text", values: ["a", "b", "c"] },
]);

/** Items `a1`, `a2` and `a,3`. */
export const CONTENTS: AnswerContents = {
  items: IdMap.from(["a1", "a2", "a,3"]).map,
  table: TABLE,
  fields: TABLE.fields,
  tellsFallback: false,
};

/** What is answered in two blocks; the second user has nothing. */
export const BLOCKS: readonly (readonly Answer[])[] = [
  [
    {
      user: "ann",
      items: Uint32Array.of(2, 0),
      scores: Float32Array.of(0.1, 2),
      fallback: false,
    },
    {
      user: "bob",
      items: new Uint32Array(),
      scores: new Float32Array(),
      fallback: false,
    },
  ],
  [],
  [
    {
      user: 'zoë "z"',
      items: Uint32Array.of(1),
      scores: Float32Array.of(-1e-10),
      fallback: true,
    },
  ],
];
