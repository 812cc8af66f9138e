import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { RecotemError } from "../../../core/errors.ts";
import { parseEnvOverrides } from "../../../core/recipe/parse_env_overrides.ts";
import { expandEnvironment } from "../../../core/recipe/expand_environment.ts";
import type { Problem } from "../../../core/recipe/problem.ts";
import { refuseVariable } from "../../../core/recipe/refuse_variable.ts";
import { recordEvents } from "../record_events.ts";
import { parse, recipeText, refusal } from "./_helpers.ts";

const ENV = new Map([
  ["RECOTEM_RECIPE_A", "one"],
  ["RECOTEM_RECIPE_EMPTY", ""],
  ["RECOTEM_RECIPE_NESTED", "${RECOTEM_RECIPE_A}"],
  ["RECOTEM_RECIPE_CUTOFF", "7"],
  ["recotem_recipe_lower", "low"],
  ["HOME", "/root"],
]);

function expand(value: unknown): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const expanded = expandEnvironment({ value }, {
    env: ENV,
    envOverrides: new Map([["RECOTEM_RECIPE_OVER", "over"]]),
    events: recordEvents(),
  }, problems);
  return { value: expanded.value, problems };
}

/** Text → what it becomes. */
const EXPANDED: readonly [unknown, unknown][] = [
  ["${RECOTEM_RECIPE_A}", "one"],
  ["a/${RECOTEM_RECIPE_A}/${RECOTEM_RECIPE_A}.csv", "a/one/one.csv"],
  ["${RECOTEM_RECIPE_OVER}", "over"],
  ["${recotem_recipe_lower}", "low"],
  ["${RECOTEM_RECIPE_EMPTY}", ""],
  // One pass only.
  ["${RECOTEM_RECIPE_NESTED}", "${RECOTEM_RECIPE_A}"],
  // Other spellings stay.
  ["$RECOTEM_RECIPE_A", "$RECOTEM_RECIPE_A"],
  ["${}", "${}"],
  ["${RECOTEM_RECIPE_A", "${RECOTEM_RECIPE_A"],
  ["$", "$"],
  [1, 1],
  [null, null],
  [["${RECOTEM_RECIPE_A}"], ["one"]],
  // Keys are never expanded, and nothing below a query is.
  [{ "${RECOTEM_RECIPE_A}": "x" }, { "${RECOTEM_RECIPE_A}": "x" }],
  [{ query: "${RECOTEM_RECIPE_A}" }, { query: "${RECOTEM_RECIPE_A}" }],
  [{ Query_Parameters: { a: ["${HOME}"] } }, {
    Query_Parameters: { a: ["${HOME}"] },
  }],
  [{ dsn_env: "${RECOTEM_RECIPE_A}" }, { dsn_env: "${RECOTEM_RECIPE_A}" }],
  [{ a: { QUERY: { b: "${HOME}" } } }, { a: { QUERY: { b: "${HOME}" } } }],
];

for (const [text, expected] of EXPANDED) {
  Deno.test(`expandEnvironment() makes ${JSON.stringify(expected)} of ${JSON.stringify(text)}`, () => {
    assertEquals(expand(text), { value: expected, problems: [] });
  });
}

/** Reference → words of the refusal. */
const REFUSED: readonly [string, string][] = [
  ["${RECOTEM_RECIPE_GONE}", "Variable RECOTEM_RECIPE_GONE is not set"],
  ["${RECOTEM_RECIPE_a}", "Variable RECOTEM_RECIPE_a is not set"],
  [
    "${HOME}",
    "Variable HOME may not be used in a recipe: names must start with RECOTEM_RECIPE_",
  ],
  ["${RECOTEM_RECIPE_A:-x}", 'Variable "RECOTEM_RECIPE_A:-x" is not set'],
  ["${ RECOTEM_RECIPE_A }", 'Variable " RECOTEM_RECIPE_A " may not be used'],
  ["${RECOTEM_SIGNING_KEYS}", "Variable RECOTEM_SIGNING_KEYS holds keys"],
  ["${recotem_api_keys}", "Variable recotem_api_keys holds keys"],
];

for (const [text, words] of REFUSED) {
  Deno.test(`expandEnvironment() refuses ${text}`, () => {
    const { value, problems } = expand(text);
    assertEquals(value, text);
    assertStringIncludes(problems[0]!.message, words);
    assertEquals(problems[0]!.path, ["value"]);
  });
}

Deno.test("refuseVariable() refuses clouds' variables by their start only", () => {
  for (
    const start of [
      "AWS_",
      "GCP_",
      "GOOGLE_",
      "AZURE_",
      "ALIYUN_",
      "ALICLOUD_",
      "OCI_",
      "IBM_",
      "DO_",
      "HCLOUD_",
      "DIGITALOCEAN_",
    ]
  ) {
    assertStringIncludes(refuseVariable(`${start}X`)!, `starts with ${start}`);
    assert(refuseVariable(start.toLowerCase() + "x") !== null);
    assertEquals(refuseVariable(`RECOTEM_RECIPE_${start}X`), null);
  }
});

Deno.test("refuseVariable() refuses names that sound like secrets, in any case and place", () => {
  for (
    const word of [
      "SECRET",
      "PASSWORD",
      "PASSWD",
      "TOKEN",
      "KEY",
      "AUTH",
      "BEARER",
      "CRED",
      "PRIVATE",
      "KEYBOARD",
      "AUTHOR",
      "CREDIT",
    ]
  ) {
    assert(refuseVariable(`RECOTEM_RECIPE_${word}`) !== null, word);
    assert(refuseVariable(`RECOTEM_RECIPE_x${word.toLowerCase()}y`) !== null);
  }
});

Deno.test("parseRecipe() validates what a variable holds, and never shows it", async () => {
  const text = recipeText({
    training:
      "training: { algorithms: [TopPop], cutoff: '${RECOTEM_RECIPE_CUTOFF}', metric: '${RECOTEM_RECIPE_METRIC}' }",
  });
  const env = (metric: string) =>
    new Map([...ENV, ["RECOTEM_RECIPE_METRIC", metric]]);
  assertEquals((await parse(text, { env: env("map") })).training.cutoff, 7);
  const { message } = await refusal(text, { env: env("hunter2") });
  assert(!message.includes("hunter2"));
  assertStringIncludes(
    message,
    'must be one of ndcg, map, recall, hit, not "${RECOTEM_RECIPE_METRIC}"',
  );
  const uri = recipeText({
    output: "output: { path: '${RECOTEM_RECIPE_OUT}' }",
  });
  const error = await refusal(uri, {
    env: new Map([["RECOTEM_RECIPE_OUT", "http://u:hunter2@h/x"]]),
  });
  assert(!error.message.includes("hunter2"));
});

Deno.test("parseRecipe() says where a missing variable is used", async () => {
  assertEquals(
    (await refusal(recipeText({
      schema:
        "schema:\n  user_column: u\n  item_column: ${RECOTEM_RECIPE_GONE}",
    }))).message,
    "r.yaml:5:16: Variable RECOTEM_RECIPE_GONE is not set",
  );
});

Deno.test("parseRecipe() warns of an empty variable", async () => {
  const events = recordEvents();
  await parse(
    recipeText({
      schema:
        "schema: { user_column: 'u${RECOTEM_RECIPE_EMPTY}', item_column: i }",
    }),
    { env: ENV, events },
  );
  assertEquals(events.seen, [
    ["warn", "recipe_env_var_empty", { name: "RECOTEM_RECIPE_EMPTY" }],
  ]);
});

Deno.test("parseRecipe() asks overrides first", async () => {
  const { name } = await parse(
    recipeText({ name: "name: ${RECOTEM_RECIPE_A}" }),
    {
      env: ENV,
      envOverrides: parseEnvOverrides(["RECOTEM_RECIPE_A=two"]),
    },
  );
  assertEquals(name, "two");
});

Deno.test("parseRecipe() turns a variable that may not be read into a refusal", async () => {
  const env = {
    get(): string {
      throw new Deno.errors.NotCapable("no");
    },
  };
  assertStringIncludes(
    (await refusal(recipeText({ name: "name: ${recotem_recipe_a}" }), { env }))
      .message,
    "Variable recotem_recipe_a may not be read by this process",
  );
});

Deno.test("parseEnvOverrides() splits at the first =, and the last of equal names counts", () => {
  assertEquals(
    [...parseEnvOverrides([
      "RECOTEM_RECIPE_A=b=c",
      "RECOTEM_RECIPE_B=",
      "RECOTEM_RECIPE_A=d",
    ])],
    [["RECOTEM_RECIPE_A", "d"], ["RECOTEM_RECIPE_B", ""]],
  );
});

for (
  const pair of [
    "RECOTEM_RECIPE_A",
    "=x",
    "HOME=x",
    "RECOTEM_RECIPE_KEY=hunter2",
    "AWS_X=1",
  ]
) {
  Deno.test(`parseEnvOverrides() refuses ${pair}`, () => {
    const error = assertThrows(() => parseEnvOverrides([pair]), RecotemError);
    assertEquals(error.exitCode, 2);
    assert(!error.message.includes("hunter2"));
  });
}
