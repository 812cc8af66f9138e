import type { AnswerContents, AnswerFormat } from "./answer_format.ts";
import { CsvFormat } from "./csv_format.ts";
import { JsonlFormat } from "./jsonl_format.ts";
import { ParquetFormat } from "./parquet_format.ts";

/** The formats by the ending of the file's name. */
export const FORMATS = ["parquet", "csv", "jsonl"] as const;

/** How answers may be written. */
export type FormatName = typeof FORMATS[number];

/** Names that fields of items cannot have beside them: those of an answer's own columns. */
const OWN_COLUMNS: Readonly<Record<FormatName, readonly string[]>> = {
  parquet: ["user_id", "rank", "item_id", "score", "fallback"],
  csv: ["user_id", "rank", "item_id", "score", "fallback"],
  jsonl: ["item_id", "score"],
};

/** The format of a name; fields that would hide what is answered are left out. */
export function createFormat(
  name: FormatName,
  contents: AnswerContents,
): AnswerFormat {
  const own = OWN_COLUMNS[name];
  const fields = contents.fields.filter((field) => !own.includes(field));
  switch (name) {
    case "parquet":
      return new ParquetFormat({ ...contents, fields });
    case "csv":
      return new CsvFormat({ ...contents, fields });
    case "jsonl":
      return new JsonlFormat({ ...contents, fields });
  }
}
