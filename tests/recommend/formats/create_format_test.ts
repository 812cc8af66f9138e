import { assertEquals } from "@std/assert";
import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import {
  createFormat,
  type FormatName,
} from "../../../recommend/formats/create_format.ts";
import type { AnswerContents } from "../../../recommend/formats/answer_format.ts";
import { BLOCKS, CONTENTS } from "./contents.ts";

/** A whole file. */
function file(
  name: FormatName,
  contents: Partial<AnswerContents> = {},
): Uint8Array<ArrayBuffer> {
  const format = createFormat(name, { ...CONTENTS, ...contents });
  const parts = [format.head()];
  const notes: unknown[] = [];
  let rows = 0;
  for (const answers of BLOCKS) {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const block = format.block(answers, length);
    parts.push(block.bytes);
    // As they come back from a journal.
    notes.push(JSON.parse(JSON.stringify(block.note)));
    rows += block.rows;
  }
  assertEquals(rows, 3);
  parts.push(format.tail(notes));
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function text(name: FormatName, contents: Partial<AnswerContents> = {}) {
  return new TextDecoder().decode(file(name, contents));
}

// The items by UTF-8: "a,3", "a1", "a2".

Deno.test("createFormat() writes CSV with one row for each item", () => {
  assertEquals(
    text("csv", { fields: [] }),
    'user_id,rank,item_id,score\nann,1,a2,0.10000000149011612\nann,2,"a,3",2\n' +
      '"zoë ""z""",1,a1,-1.000000013351432e-10\n',
  );
});

Deno.test("createFormat() writes the fields of items to CSV, but none that hides an own column", () => {
  assertEquals(
    text("csv", { tellsFallback: true }),
    "user_id,rank,item_id,score,fallback,title,price,new\n" +
      'ann,1,a2,0.10000000149011612,false,"",2,false\n' +
      'ann,2,"a,3",2,false,"Tea, ""black""",3.5,true\n' +
      '"zoë ""z""",1,a1,-1.000000013351432e-10,true,,,\n',
  );
});

Deno.test("createFormat() writes a line of JSON for each user, also for one who is answered nothing", () => {
  assertEquals(
    text("jsonl", { tellsFallback: true }).trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    ),
    [
      {
        user_id: "ann",
        fallback: false,
        items: [
          {
            item_id: "a2",
            score: Math.fround(0.1),
            title: "",
            price: 2,
            new: false,
          },
          {
            item_id: "a,3",
            score: 2,
            title: 'Tea, "black"',
            price: 3.5,
            new: true,
          },
        ],
      },
      { user_id: "bob", fallback: false, items: [] },
      {
        user_id: 'zoë "z"',
        fallback: true,
        items: [{
          item_id: "a1",
          score: Math.fround(-1e-10),
          title: null,
          price: null,
          new: null,
        }],
      },
    ],
  );
});

Deno.test("createFormat() writes Parquet with a row group for each block that has rows", async () => {
  const bytes = file("parquet", { tellsFallback: true });
  const metadata = parquetMetadata(bytes.buffer);
  assertEquals(metadata.row_groups.map(({ num_rows }) => num_rows), [2n, 1n]);
  assertEquals(metadata.num_rows, 3n);
  assertEquals(
    parquetSchema(metadata).children.map(({ element }) => [
      element.name,
      element.type,
      element.repetition_type,
    ]),
    [
      ["user_id", "BYTE_ARRAY", "REQUIRED"],
      ["rank", "INT32", "REQUIRED"],
      ["item_id", "BYTE_ARRAY", "REQUIRED"],
      ["score", "FLOAT", "REQUIRED"],
      ["fallback", "BOOLEAN", "REQUIRED"],
      ["title", "BYTE_ARRAY", "OPTIONAL"],
      ["price", "DOUBLE", "OPTIONAL"],
      ["new", "BOOLEAN", "OPTIONAL"],
    ],
  );
  assertEquals(await parquetReadObjects({ file: bytes.buffer }), [
    {
      user_id: "ann",
      rank: 1,
      item_id: "a2",
      score: Math.fround(0.1),
      fallback: false,
      title: "",
      price: 2,
      new: false,
    },
    {
      user_id: "ann",
      rank: 2,
      item_id: "a,3",
      score: 2,
      fallback: false,
      title: 'Tea, "black"',
      price: 3.5,
      new: true,
    },
    {
      user_id: 'zoë "z"',
      rank: 1,
      item_id: "a1",
      score: Math.fround(-1e-10),
      fallback: true,
      title: null,
      price: null,
      new: null,
    },
  ]);
  const [users] = metadata.row_groups[0]!.columns;
  assertEquals(users!.meta_data!.statistics!.min_value, "ann");
});

Deno.test("createFormat() writes whole files without answers", async () => {
  for (const name of ["csv", "jsonl", "parquet"] as const) {
    const format = createFormat(name, CONTENTS);
    const head = format.head();
    const bytes = Uint8Array.from([...head, ...format.tail([null])]);
    if (name === "parquet") {
      assertEquals(await parquetReadObjects({ file: bytes.buffer }), []);
    } else assertEquals(bytes, head);
  }
});
