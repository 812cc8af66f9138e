import { assertEquals } from "@std/assert";
import { docProblems, type Facts } from "../../tools/doc_problems.ts";

const FACTS: Facts = {
  exists: (path) => ["README.md", "docs/recipe.md", "docs"].includes(path),
  tasks: new Set(["train"]),
  commands: new Set(["keygen"]),
  variables: new Set(["RECOTEM_PORT"]),
};

Deno.test("docProblems() passes what is there, addresses and anchors", () => {
  const text = `See [the recipe](recipe.md), [the readme](../README.md#use),
[elsewhere](https://example.com/x.md) and [below](#below).
\`deno task train r.yaml\`, \`recotem keygen\`, RECOTEM_PORT, RECOTEM_RECIPE_DATA, RECOTEM_*.`;
  assertEquals(docProblems("docs/a.md", text, FACTS), []);
});

for (
  const [text, problem] of [
    ["[a](missing.md)", "no file missing.md"],
    ["[a](../recipe.md)", "no file ../recipe.md"],
    ["`deno task trian`", "no task trian"],
    ["`recotem key-gen`", "no command key-gen"],
    ["set RECOTEM_PROT=1", "no variable RECOTEM_PROT"],
  ] as const
) {
  Deno.test(`docProblems() finds ${problem}`, () => {
    assertEquals(docProblems("docs/a.md", `\n${text}`, FACTS), [
      `docs/a.md:2: ${problem}`,
    ]);
  });
}
