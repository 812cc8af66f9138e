import { CsvParseStream as ParseStream } from "@std/csv/parse-stream";

/** Turns text in any chunks into the rows of RFC 4180; blank lines are none. */
export const CsvParseStream: new () => TransformStream<string, string[]> =
  ParseStream;
