import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readYaml } from "../../../core/recipe/read_yaml.ts";
import { runScript } from "../run_script.ts";
import { recipeText, refusal } from "./_helpers.ts";

async function value(text: string): Promise<unknown> {
  return (await readYaml(`a: ${text}\n`, "r.yaml")).document.a;
}

/** Plain scalar → its value in YAML 1.2's core schema; YAML 1.1 reads each of them differently, where noted. */
const SCALARS: readonly [string, unknown][] = [
  ["yes", "yes"], // 1.1: true
  ["no", "no"],
  ["on", "on"],
  ["off", "off"],
  ["y", "y"],
  ["012", 12], // 1.1: 10
  ["0x1F", 31],
  ["0b11", "0b11"], // 1.1: 3
  ["1_000", "1_000"], // 1.1: 1000
  ["0x1_F", "0x1_F"],
  ["1_0.5", "1_0.5"],
  ["12:30", "12:30"], // 1.1: 750
  ["12:30:45", "12:30:45"],
  ["2024-01-31", "2024-01-31"], // 1.1: a date
  ["2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"],
  ["~", null],
  ["null", null],
  ["NULL", null],
  ["", null],
  ["true", true],
  ["FALSE", false],
  ["+12", 12],
  ["-12", -12],
  ["1e3", 1000],
  ["1.5E-1", 0.15],
  [".5", 0.5],
  ["1.", 1],
  [".inf", Infinity],
  ["-.INF", -Infinity],
  [".nan", NaN],
  ['"012"', "012"],
  ["'1'", "1"],
  ["!!str 1", "1"],
];

for (const [text, expected] of SCALARS) {
  Deno.test(`readYaml() reads ${text || "nothing"} as ${JSON.stringify(expected)}`, async () => {
    assertEquals(await value(text), expected);
  });
}

Deno.test("readYaml() keeps as text what the parser has no number for", async () => {
  // Number fields accept the text all the same; only text fields could tell.
  assertEquals(await value("0o14"), "0o14");
  assertEquals(await value("08"), "08");
  assertEquals(await value("-.5"), "-.5");
});

Deno.test("readYaml() has no merge keys, and keeps __proto__ an ordinary key", async () => {
  const { document } = await readYaml(
    "<<: { a: 1 }\n__proto__: { b: 2 }\n",
    "r.yaml",
  );
  assertEquals(Object.keys(document), ["<<", "__proto__"]);
  assert(!("b" in document));
});

Deno.test("readYaml() writes aliases out, sharing nothing", async () => {
  const { document } = await readYaml("a: &x [1]\nb: *x\n", "r.yaml");
  assertEquals(document, { a: [1], b: [1] });
  assert(document.a !== document.b);
});

Deno.test("readYaml() skips a byte order mark and takes all line ends", async () => {
  const bytes = new TextEncoder().encode("\uFEFFa: 1\r\nb: 2\rc: 3\n");
  const { document } = await readYaml(bytes, "r.yaml");
  assertEquals(document, { a: 1, b: 2, c: 3 });
});

/** Document → place and words of the refusal. */
const REFUSED: readonly [string, string, string][] = [
  ["an empty file", "", "1:1: The top level must be a mapping"],
  ["only a comment", "# a\n", "1:1: The top level must be a mapping"],
  ["null", "~", "1:1: The top level must be a mapping"],
  ["a scalar", "books", "1:1: The top level must be a mapping"],
  ["a list", "- a", "1:1: The top level must be a mapping"],
  ["an open list", "a: 1\nb: [1, 2\n", "3:1: Not valid YAML"],
  [
    "two documents",
    "a: 1\n---\nb: 2\n",
    "2:1: Not valid YAML: Found more than 1 document",
  ],
  [
    "a duplicate key",
    "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n",
    '5:3: Duplicate key "c": keep one',
  ],
  [
    "a duplicate key with a block",
    "a: 1\na:\n  b: 1\n  c: 1\n",
    '2:1: Duplicate key "a"',
  ],
  ["a language tag", "a: !!python/object x", "1:4: Tags are not supported"],
  [
    "a JavaScript tag",
    "a: 1\nb: !!js/function f\n",
    "2:4: Tags are not supported",
  ],
  ["a local tag", "a: !x 1", "1:4: Tags are not supported"],
  [
    "a tag over two lines",
    "a: !<x\ny>: 1",
    '2:3: Not valid YAML: Cannot read tag property: invalid characters in tag name "x y"',
  ],
  ["a binary tag", "a: !!binary aGk=", "1:4: Tags are not supported"],
  [
    "an undefined alias",
    "a: *x\n",
    '1:6: Not valid YAML: Cannot read alias: unidentified alias "x"',
  ],
  ["a control character", "a: 1\nb: \u0007", "2:4: Control character U+0007"],
  [
    "a control character in a comment",
    "a: 1 # \u0000",
    "1:8: Control character U+0000",
  ],
  ["half a surrogate pair", "a: \ud800", "1:4: Control character U+D800"],
  [
    "a key that is read as a number",
    "a: { 007: str }",
    "1:6: Key a.007 is not text in YAML: write it in quotes",
  ],
  ["an alias of itself", "a: &x [*x]", "1:1: Nested deeper than 100 levels"],
  [
    "101 levels",
    `a: ${"[".repeat(101)}${"]".repeat(101)}`,
    "1:1: Nested deeper than 100 levels",
  ],
  ["100,000 brackets", `a: ${"[".repeat(100_000)}`, "1:1: Nested too deeply"],
  [
    "100,001 values",
    `a: [${"1,".repeat(100_001)}]`,
    "1:1: More than 100000 values",
  ],
  ["256 KiB", `a: ${"x".repeat(2 ** 18)}`, "1:1: The file has 262147 bytes"],
];

for (const [what, text, words] of REFUSED) {
  Deno.test(`readYaml() refuses ${what}`, async () => {
    const { message, details } = await refusal(text);
    assertStringIncludes(message, `r.yaml:${words}`);
    assertEquals(typeof details.line, "number");
  });
}

Deno.test("readYaml() refuses bytes that are not UTF-8, and says where", async () => {
  const bytes = new Uint8Array([
    ...new TextEncoder().encode("a: 1\nb: "),
    0xff,
  ]);
  assertStringIncludes(
    (await refusal(bytes)).message,
    "r.yaml:2:4: Not UTF-8 text",
  );
});

function aliases(count: number): string {
  return `a: &x 1\nb: [${"*x, ".repeat(count)}]\n`;
}

Deno.test("readYaml() follows 100 aliases and refuses 101", async () => {
  const { document } = await readYaml(aliases(100), "r.yaml");
  assertEquals((document.b as unknown[]).length, 100);
  assertStringIncludes(
    (await refusal(aliases(101))).message,
    "r.yaml:2:4: More than 100 aliases",
  );
});

Deno.test("readYaml() counts no asterisks in comments and texts", async () => {
  const stars = " *x".repeat(200);
  const { document } = await readYaml(
    `# ${stars}\na: "${stars}"\nb: |\n  *x\n ${stars}\n`,
    "r.yaml",
  );
  assertEquals(document.a, stars);
});

Deno.test("readYaml() refuses an alias bomb before it is written out", async () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`,
  );
  const bomb = ["l0: &l0 [x, x, x, x, x, x, x, x, x]", ...levels].join("\n");
  assertStringIncludes(
    (await refusal(bomb)).message,
    "More than 100000 values, aliases written out",
  );
});

Deno.test("parseRecipe() points at lines without permission to read the environment", async () => {
  // The parser behind line numbers looks up two debugging variables; asking for them would prompt or throw.
  const text = recipeText({ training: "traning: {}" });
  const { stdout, stderr } = await runScript(
    `
    import { parseRecipe } from "./core/recipe/parse_recipe.ts";
    try {
      await parseRecipe(${
      JSON.stringify(text)
    }, { path: "r.yaml", env: Deno.env });
    } catch (error) {
      console.log(error.message);
    }`,
    ["--allow-env=RECOTEM_*"],
  );
  assertEquals(stderr, "");
  assertStringIncludes(stdout, "r.yaml:4:1: Unknown key");
});
