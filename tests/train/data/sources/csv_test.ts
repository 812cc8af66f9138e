import { assertEquals, assertMatch } from "@std/assert";
import type { CsvSource } from "../../../../core/recipe/recipe.ts";
import { CsvDataSource } from "../../../../train/data/sources/csv.ts";
import type { TextTable } from "../data_source_contract.ts";
import { testFileSource } from "../file_source_contract.ts";
import {
  ids,
  localDependencies,
  readAll,
  refusal,
  temporaryFile,
  values,
} from "../source_files.ts";

const DEFAULTS: CsvSource = {
  type: "csv",
  path: "",
  delimiter: ",",
  encoding: "utf-8",
  header: 0,
  dtype: null,
  sha256: null,
};

testFileSource({
  type: "csv",
  store: (table) => temporaryFile("table.csv", toCsv(table)),
  open: (path, dependencies, sha256) =>
    new CsvDataSource(
      { ...DEFAULTS, path, sha256: sha256 ?? null },
      dependencies,
    ),
});

function toCsv(table: TextTable): string {
  const names = Object.keys(table);
  const cell = (text: string | null) =>
    text === null ? "" : `"${text.replaceAll('"', '""')}"`;
  const lines = [names.join(",")];
  for (let row = 0; row < (table[names[0]!]?.length ?? 0); row++) {
    lines.push(names.map((name) => cell(table[name]![row]!)).join(","));
  }
  return lines.join("\r\n") + "\r\n";
}

async function read(
  content: string | Uint8Array,
  config: Partial<CsvSource> = {},
  columns = ids("a", "b"),
): Promise<Record<string, unknown[]>> {
  await using file = await temporaryFile("t.csv", content);
  const { path } = file;
  const source = new CsvDataSource(
    { ...DEFAULTS, ...config, path },
    localDependencies(),
  );
  return await readAll(source, columns);
}

async function refused(
  content: string | Uint8Array,
  config: Partial<CsvSource> = {},
  columns = ids("a", "b"),
): Promise<string> {
  const error = await refusal(
    () => read(content, config, columns),
    "datasource_error",
  );
  assertEquals(error.exitCode, 3);
  return error.message.replace(/\/\S+\/t\.csv/, "t.csv");
}

Deno.test("CsvDataSource reads quotes, doubled quotes, delimiters and line ends in quotes", async () => {
  assertEquals(
    await read('a,b\n"1,2","say ""hi"""\n"x\ny","p\r\nq"\n"","z"\n'),
    { a: ["1,2", "x\ny", null], b: ['say "hi"', "p\nq", "z"] },
  );
});

Deno.test("CsvDataSource refuses ragged rows with row and line", async () => {
  assertEquals(
    await refused('a,b\n"1\n1",2\n\n3\n'),
    "Row 2 (line 5) of t.csv has 1 fields, the header has 2",
  );
  assertEquals(
    await refused("a,b\r\n1,2\r\n3,4,5\r\n"),
    "Row 2 (line 3) of t.csv has 3 fields, the header has 2",
  );
});

Deno.test("CsvDataSource refuses misplaced quotes with the line", async () => {
  assertEquals(
    await refused('a,b\n1,2\n"3,4\n'),
    "The record on line 3 of t.csv has a quoted field that is never closed",
  );
  assertMatch(
    await refused('a,b\n1,2"\n'),
    /^The record on line 2 of t\.csv has a quote inside an unquoted field/,
  );
  assertEquals(
    await refused('a,b\n1,"2"x\n'),
    "The record on line 2 of t.csv has text between a closing quote and the delimiter",
  );
});

Deno.test("CsvDataSource finds the header by index, whatever stands above it", async () => {
  assertEquals(
    await read('A "report", of 2010\n\nb;a\na,b\n1,2\n', { header: 2 }),
    { a: ["1"], b: ["2"] },
  );
  assertMatch(await refused("a,b\n1,2\n", { header: 5 }), /has no header/);
  assertMatch(await refused(""), /has no header/);
});

Deno.test("CsvDataSource takes a delimiter of several characters and refuses one that cannot be", async () => {
  assertEquals(
    await read('a||b\n1|1||"2||2"\n||3\n', { delimiter: "||" }),
    { a: ["1|1", null], b: ["2||2", "3"] },
  );
  assertEquals(
    await read("aéb\n1é2\n", { delimiter: "é" }),
    { a: ["1"], b: ["2"] },
  );
  for (const delimiter of ["", '"', "\n", "a\r"]) {
    assertMatch(
      await refused("a,b\n1,2\n", { delimiter }),
      /source\.delimiter/,
    );
  }
});

Deno.test("CsvDataSource refuses a header that names a wanted column twice", async () => {
  assertMatch(await refused("a,b,a\n1,2,3\n"), /two columns "a"/);
});

Deno.test("CsvDataSource passes a byte order mark", async () => {
  assertEquals(await read("\ufeffa,b\n1,2\n"), { a: ["1"], b: ["2"] });
});

Deno.test("CsvDataSource reads UTF-16 by its byte order mark, Latin-1 and Shift JIS", async () => {
  const text = "a,b\né,2\n";
  const units = Uint16Array.from(`\ufeff${text}`, (c) => c.charCodeAt(0));
  const little = new Uint8Array(units.buffer);
  const big = little.slice();
  for (let i = 0; i < big.length; i += 2) {
    [big[i], big[i + 1]] = [big[i + 1]!, big[i]!];
  }
  const latin = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const expected = { a: ["é"], b: ["2"] };
  assertEquals(await read(little, { encoding: "utf-16" }), expected);
  assertEquals(await read(big, { encoding: "UTF_16" }), expected);
  assertEquals(await read(big.slice(2), { encoding: "utf-16-be" }), expected);
  for (const encoding of ["latin1", "Latin-1", "iso-8859-1", "cp1252"]) {
    assertEquals(await read(latin, { encoding }), expected);
  }
  const japanese = [0x93, 0xfa, 0x96, 0x7b];
  assertEquals(
    await read(
      Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, ...japanese, 0x2c, 0x31, 0x0a),
      { encoding: "shift_jis" },
    ),
    { a: ["日本"], b: ["1"] },
  );
});

Deno.test("CsvDataSource refuses bytes that are not in the encoding, also in columns nobody wants", async () => {
  const bad = Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0xff, 0x0a);
  assertEquals(
    await refused(bad, {}, ids("a")),
    "t.csv is not utf-8 text (after line 0); set source.encoding to the encoding that it was written in",
  );
  assertMatch(await refused(bad.slice(0, 7), { encoding: "utf-16" }), /utf-16/);
  assertMatch(await refused("a,b\n1,2\n", { encoding: "klingon" }), /klingon/);
});

Deno.test("CsvDataSource delivers numbers where dtype says so, never for ids, and refuses what is none", async () => {
  const dtype = { a: "int64", b: "float64", gone: "str" };
  assertEquals(
    await read("a,b\n05,1.5\n6,\n", { dtype }, [...ids("a"), ...values("b")]),
    { a: ["05", "6"], b: [1.5, NaN] },
  );
  assertMatch(
    await refused("a,b\n1,2\n1,x\n", { dtype }, values("b")),
    /^Row 2 of t\.csv has no number in column "b"/,
  );
  assertMatch(
    await refused("a,b\n1,2\n", { dtype: { b: "complex" } }, values("b")),
    /Unknown type "complex"/,
  );
  assertEquals(
    await read("a,b\n1,2\n", { dtype: { b: "str" } }, values("b")),
    { b: ["2"] },
  );
});

Deno.test("CsvDataSource keeps rows and lines right over many blocks", async () => {
  const rows = 100_000;
  const text = Array.from(
    { length: rows },
    (_, i) => `user-${i % 977},"item\n${i % 13}",${"x".repeat(i % 30)}`,
  );
  const read_ = await read(`a,b,c\n${text.join("\n")}`);
  assertEquals(read_.a!.length, rows);
  for (const row of [0, 1, 54_321, rows - 1]) {
    assertEquals(read_.a![row], `user-${row % 977}`);
    assertEquals(read_.b![row], `item\n${row % 13}`);
  }
  assertEquals(
    await refused(`a,b,c\n${text.join("\n")}\n1,2\n`),
    `Row ${rows + 1} (line ${
      2 * rows + 2
    }) of t.csv has 2 fields, the header has 3`,
  );
});

Deno.test("CsvDataSource reads fields longer than a block and refuses a record without end", async () => {
  const long = "x".repeat(3 * 2 ** 20);
  assertEquals(await read(`a,b\n${long},1\n2,3\n`), {
    a: [long, "2"],
    b: ["1", "3"],
  });
  assertMatch(
    await refused(`a,b\n"${"x".repeat(18 * 2 ** 20)}`),
    /record on line 2 .*longer than .*quote/,
  );
});
