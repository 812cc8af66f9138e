import type { Answer } from "../answer.ts";
import type {
  AnswerContents,
  AnswerFormat,
  EncodedBlock,
} from "./answer_format.ts";

/** One line for each user; the items as the server writes them. */
export class JsonlFormat implements AnswerFormat {
  readonly #contents: AnswerContents;
  readonly #encoder = new TextEncoder();
  /** Each item that was recommended, made once: what stands before the score and after it. */
  readonly #parts = new Map<number, { before: string; after: string }>();

  /** Writes answers of these contents. */
  constructor(contents: AnswerContents) {
    this.#contents = contents;
  }

  head(): Uint8Array {
    return new Uint8Array();
  }

  block(answers: readonly Answer[]): EncodedBlock {
    const { tellsFallback } = this.#contents;
    let text = "";
    let rows = 0;
    for (const { user, items, scores, fallback } of answers) {
      const told = tellsFallback ? `"fallback":${fallback},` : "";
      text += `{"user_id":${JSON.stringify(user)},${told}"items":[`;
      for (let n = 0; n < items.length; n++) {
        const { before, after } = this.#item(items[n]!);
        text += (n > 0 ? "," : "") + before + scores[n]! + after;
      }
      text += "]}\n";
      rows += items.length;
    }
    return { bytes: this.#encoder.encode(text), rows, note: null };
  }

  tail(): Uint8Array {
    return new Uint8Array();
  }

  #item(item: number): { before: string; after: string } {
    const known = this.#parts.get(item);
    if (known) return known;
    const { items, table, fields } = this.#contents;
    const row = fields.length > 0 ? table!.row(item) : {};
    const made = {
      before: `{"item_id":${JSON.stringify(items.id(item))},"score":`,
      after:
        fields.map((field) =>
          `,${JSON.stringify(field)}:${JSON.stringify(row[field])}`
        ).join("") + "}",
    };
    this.#parts.set(item, made);
    return made;
  }
}
