import { assertEquals } from "@std/assert";
import { parse as untypedParse } from "@std/csv/parse";
import fc from "fast-check";
import { CsvDataSource } from "../../../../train/data/sources/csv.ts";
import { RecotemError } from "../../../../core/errors.ts";
import type { Store } from "../../../../core/storage/store.ts";
import { ids, localDependencies, readAll } from "../source_files.ts";

const parse: (
  text: string,
  options: { separator: string; fieldsPerRecord: number },
) => string[][] = untypedParse;

/** Bytes in which the reader seeks records at once. */
const BLOCK = 2 ** 18;

/** A store that hands out a text behind a line that the reader skips (`header: 1`), so long that a block ends within the text. */
function storeOf(text: string, cut: number): Store {
  const bytes = new TextEncoder().encode(text);
  const filler = BLOCK - cut % (bytes.length + 1);
  const all = new Uint8Array(filler + bytes.length).fill(0x78);
  all[filler - 1] = 0x0a;
  all.set(bytes, filler);
  return {
    ...localDependencies().store,
    stat: () => Promise.resolve({ marker: "", size: all.length }),
    read: () => Promise.resolve(ReadableStream.from([all])),
  };
}

/** All records but the header as ours reads them, or null when it refuses. */
async function ours(
  text: string,
  header: readonly string[],
  delimiter: string,
  cut: number,
): Promise<(string | null)[][] | null> {
  const source = new CsvDataSource({
    type: "csv",
    path: "t.csv",
    delimiter,
    encoding: "utf-8",
    header: 1,
    dtype: null,
    sha256: null,
  }, localDependencies({ store: storeOf(text, cut) }));
  try {
    const columns = await readAll(source, ids(...header));
    const rows = columns[header[0]!]!.length;
    return Array.from(
      { length: rows },
      (_, row) => header.map((name) => columns[name]![row] as string | null),
    );
  } catch (error) {
    if (!(error instanceof RecotemError)) throw error;
    return error.message.endsWith("has no data rows") ? [] : null;
  }
}

/** The same as `@std/csv` reads them. */
function theirs(text: string, delimiter: string): string[][] | null {
  try {
    return parse(text, { separator: delimiter, fieldsPerRecord: 0 }).slice(1);
  } catch {
    return null;
  }
}

/** Our reader answers null for an empty cell. */
function nulls(rows: string[][] | null): (string | null)[][] | null {
  return rows?.map((row) => row.map((cell) => cell === "" ? null : cell)) ??
    null;
}

const delimiters = fc.constantFrom(",", ";", "\t", "||", "ab", "é");
const cuts = fc.nat(9999);

Deno.test("CsvDataSource reads every well-formed table as @std/csv does", async () => {
  const cell = fc.string({
    unit: fc.constantFrom(
      "a",
      "b",
      "1",
      ",",
      ";",
      "|",
      '"',
      "\n",
      "\r\n",
      " ",
      "é",
      "日",
      "😀",
    ),
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }).chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
          maxLength: 6,
        })
      ),
      delimiters,
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      cuts,
      async (rows, delimiter, lineEnd, closed, cut) => {
        const header = Array.from(rows[0] ?? [""], (_, i) => `h${i}`);
        const text = [header, ...rows]
          .map((row) =>
            row.map((each) => `"${each.replaceAll('"', '""')}"`).join(delimiter)
          ).join(lineEnd) + (closed ? lineEnd : "");
        const expected = theirs(text, delimiter);
        assertEquals(
          await ours(text, header, delimiter, cut),
          nulls(expected),
        );
        // What was written is what is read.
        assertEquals(
          expected,
          rows.map((row) => row.map((each) => each.replaceAll("\r\n", "\n"))),
        );
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("CsvDataSource accepts and refuses any text as @std/csv does", async () => {
  const soup = fc.array(
    fc.constantFrom(
      "a",
      "b",
      ",",
      ",",
      "|",
      "||",
      '"',
      '"',
      '""',
      "\n",
      "\n",
      "\r\n",
      "\r",
      " ",
      "é",
    ),
    { maxLength: 30 },
  );
  let accepted = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      soup,
      delimiters,
      cuts,
      async (parts, delimiter, cut) => {
        const header = ["h0", "h1"];
        const text = `${header.join(delimiter)}\n${parts.join("")}`;
        const expected = theirs(text, delimiter);
        assertEquals(
          await ours(text, header, delimiter, cut),
          nulls(expected),
        );
        if (expected === null) refused++;
        else if (expected.length > 0) accepted++;
      },
    ),
    { numRuns: 2000 },
  );
  // Some 75 and 1650 of them.
  assertEquals([accepted > 25, refused > 25], [true, true]);
});
