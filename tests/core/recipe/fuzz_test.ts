import { assert } from "@std/assert";
import fc from "fast-check";
import { RecotemError } from "../../../core/errors.ts";
import { parse, recipeText } from "./_helpers.ts";

/** A recipe that uses most of the syntax. */
const RECIPE = recipeText({
  training: `training: &t
  algorithms: [ "TopPop", 'IALS' ] # both
  per_algorithm_trials: { IALS: 0x3 }
  split: { scheme: time_user, heldout_ratio: .5 }
  storage_path: >-
    study
    .db`,
  schema:
    "schema: { user_column: &c u, item_column: i, time_column: *c, time_unit: !!str ms }",
});

/** Whatever the bytes: a recipe, or a refusal with exit code 2; nothing else is thrown, and nothing hangs. */
async function staysCalm(source: string | Uint8Array): Promise<void> {
  try {
    await parse(source);
  } catch (error) {
    if (!(error instanceof RecotemError)) throw error;
    assert(error.exitCode === 2, error.message);
    assert(!error.message.includes("\n"), error.message);
  }
}

const SYNTAX = fc.array(
  fc.constantFrom(
    ...["&a ", "*a", "[", "]", "{", "}", ":", ": ", "- ", "? ", "|", ">", "\n"],
    ...["\n  ", '"', "'", "#", "!", "!!str ", "%", "@", "---\n", "...\n", ","],
    ...["name", "source", "type", "csv", "training", "~", "0x", "012", "1_0"],
    ...["${", "}", "RECOTEM_RECIPE_X", "__proto__", "<<", "\\u0000", "\uFEFF"],
  ),
  { maxLength: 60 },
).map((parts) => parts.join(""));

Deno.test("parseRecipe() survives random text", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), staysCalm),
    { numRuns: 500 },
  );
});

Deno.test("parseRecipe() survives random bytes", async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array(), staysCalm), {
    numRuns: 500,
  });
});

Deno.test("parseRecipe() survives random YAML syntax", async () => {
  await fc.assert(fc.asyncProperty(SYNTAX, staysCalm), { numRuns: 2000 });
});

Deno.test("parseRecipe() survives a changed byte", async () => {
  const bytes = new TextEncoder().encode(RECIPE);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.nat({ max: 255 }),
      async (place, byte) => {
        const changed = bytes.slice();
        changed[place] = byte;
        await staysCalm(changed);
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("parseRecipe() survives inserted syntax", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: RECIPE.length }),
      SYNTAX,
      (place, syntax) =>
        staysCalm(RECIPE.slice(0, place) + syntax + RECIPE.slice(place)),
    ),
    { numRuns: 1000 },
  );
});

Deno.test("parseRecipe() survives chains of aliases, wide and deep", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom("list", "mapping", "key"),
      async (levels, width, shape) => {
        const node = (level: number) => {
          const aliases = Array(width).fill(`*l${level - 1}`);
          if (shape === "list") return `[${aliases}]`;
          if (shape === "key") return `{ ? [${aliases}] : 1 }`;
          return `{ ${aliases.map((alias, i) => `k${i}: ${alias}`)} }`;
        };
        const lines = Array.from(
          { length: levels },
          (_, i) => `l${i + 1}: &l${i + 1} ${node(i + 1)}`,
        );
        await staysCalm(["l0: &l0 x", ...lines].join("\n"));
      },
    ),
    { numRuns: 100 },
  );
});

const SIZE = 2 ** 17;

/** Documents that make a careless reader slow, recursive or wasteful. */
const HEAVY: Readonly<Record<string, string>> = {
  "open lists": "[".repeat(SIZE),
  "open mappings": "{a: ".repeat(SIZE / 4),
  "nested entries": "- ".repeat(SIZE / 2),
  "nested keys": "? ".repeat(SIZE / 2),
  "many keys": Array.from({ length: 9999 }, (_, i) => `k${i}: 1`).join("\n"),
  "a text of many lines": "a: " + "x\n ".repeat(SIZE / 3),
  "many anchors": Array.from({ length: 9999 }, (_, i) => `k${i}: &a 1`)
    .join("\n"),
  "open variables": `name: '${"${".repeat(SIZE / 2)}'`,
  "variables that never end": `name: '${"${A".repeat(SIZE / 3)}'`,
  "many asterisks": `# *a\n`.repeat(SIZE / 6),
  "long aliases as a key": `a: &a ${"x".repeat(SIZE)}\n? [${
    Array(99).fill("*a")
  }]\n: 1`,
  "a long tag": `a: !<${"x".repeat(SIZE)}`,
  "a long directive": `%${"a ".repeat(SIZE / 2)}`,
};

for (const [what, text] of Object.entries(HEAVY)) {
  Deno.test(`parseRecipe() survives ${what}`, () => staysCalm(text));
}
