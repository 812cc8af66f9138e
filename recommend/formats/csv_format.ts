import type { ItemValue } from "../../core/models/item_value.ts";
import type { Answer } from "../answer.ts";
import type {
  AnswerContents,
  AnswerFormat,
  EncodedBlock,
} from "./answer_format.ts";

/** One line for each item of each user; null is an empty cell, and empty text is `""`. */
export class CsvFormat implements AnswerFormat {
  readonly #contents: AnswerContents;
  readonly #encoder = new TextEncoder();
  /** Id and fields of each item that was recommended, made once. */
  readonly #cells = new Map<number, { id: string; fields: string }>();

  /** Writes answers of these contents. */
  constructor(contents: AnswerContents) {
    this.#contents = contents;
  }

  head(): Uint8Array {
    const { fields, tellsFallback } = this.#contents;
    const names = [
      ...["user_id", "rank", "item_id", "score"],
      ...(tellsFallback ? ["fallback"] : []),
      ...fields,
    ];
    return this.#encoder.encode(names.map(cell).join(",") + "\n");
  }

  block(answers: readonly Answer[]): EncodedBlock {
    const { tellsFallback } = this.#contents;
    let text = "";
    let rows = 0;
    for (const { user, items, scores, fallback } of answers) {
      const id = cell(user);
      const told = tellsFallback ? `,${fallback}` : "";
      for (let n = 0; n < items.length; n++) {
        const item = this.#item(items[n]!);
        text += `${id},${
          n + 1
        },${item.id},${scores[n]!}${told}${item.fields}\n`;
      }
      rows += items.length;
    }
    return { bytes: this.#encoder.encode(text), rows, note: null };
  }

  tail(): Uint8Array {
    return new Uint8Array();
  }

  #item(item: number): { id: string; fields: string } {
    const known = this.#cells.get(item);
    if (known) return known;
    const { items, table, fields } = this.#contents;
    const row = fields.length > 0 ? table!.row(item) : {};
    const made = {
      id: cell(items.id(item)),
      fields: fields.map((field) => `,${cell(row[field]!)}`).join(""),
    };
    this.#cells.set(item, made);
    return made;
  }
}

function cell(value: ItemValue): string {
  if (value === null) return "";
  const text = String(value);
  return text === "" || /[",\r\n]/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
