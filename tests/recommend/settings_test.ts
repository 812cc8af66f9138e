import { assertEquals, assertThrows } from "@std/assert";
import { RECOMMEND } from "../../core/config/commands.ts";
import { parseArguments } from "../../core/config/parse_arguments.ts";
import { RecotemError } from "../../core/errors.ts";
import { readSettings, type Settings } from "../../recommend/settings.ts";

function settings(...argv: string[]): Settings {
  const args = parseArguments(RECOMMEND, ["shop.recotem", ...argv]);
  if (args === "help") throw new Error("Help was asked for");
  return readSettings(args);
}

Deno.test("readSettings() fills in what is not said", () => {
  assertEquals(settings("--all", "--out", "/tmp/a.csv"), {
    artifact: "shop.recotem",
    users: null,
    out: "/tmp/a.csv",
    format: "csv",
    recipe: null,
    limit: null,
    includeSeen: null,
    metadata: false,
    fallback: null,
    allowUnsigned: false,
  });
});

Deno.test("readSettings() takes all that is said", () => {
  assertEquals(
    settings(
      ...["--users", "s3://data/u.csv", "--column", "id", "--limit", "3"],
      ...["--include-seen", "--metadata", "--fallback", "popular"],
      ...["--recipe", "r.yaml", "--env-var", "RECOTEM_RECIPE_A=b"],
      ...["--dev-allow-unsigned", "--out=file:///tmp/a%20b.parquet"],
    ),
    {
      artifact: "shop.recotem",
      users: { uri: "s3://data/u.csv", column: "id" },
      out: "/tmp/a b.parquet",
      format: "parquet",
      recipe: { path: "r.yaml", envVars: ["RECOTEM_RECIPE_A=b"] },
      limit: 3,
      includeSeen: true,
      metadata: true,
      fallback: "popular",
      allowUnsigned: true,
    },
  );
});

Deno.test("readSettings() tells seen items left out from nothing said of them", () => {
  const argv = ["--all", "--out", "a.csv", "--exclude-seen"];
  assertEquals(settings(...argv).includeSeen, false);
});

Deno.test("readSettings() makes the file's path absolute: the process may write no other", () => {
  assertEquals(
    settings("--all", "--out", "a.jsonl").out,
    `${Deno.cwd()}/a.jsonl`,
  );
});

for (
  const [what, argv] of [
    ["no users", ["--out", "a.csv"]],
    ["all users and some", ["--all", "--users", "u", "--out", "a.csv"]],
    ["a column of nothing", ["--all", "--column", "c", "--out", "a.csv"]],
    ["seen items in and out", [
      ...["--all", "--out", "a.csv", "--include-seen", "--exclude-seen"],
    ]],
    ["variables of no recipe", [
      ...["--all", "--out", "a.csv", "--env-var", "RECOTEM_RECIPE_A=b"],
    ]],
    ["users on the web", ["--users", "https://host/u", "--out", "a.csv"]],
    ["answers elsewhere", ["--all", "--out", "s3://bucket/a.csv"]],
    ["a name without an ending", ["--all", "--out", "answers"]],
    ["an unknown ending", ["--all", "--out", "a.xlsx"]],
    ["no file", ["--all"]],
    ["a limit of 0", ["--all", "--out", "a.csv", "--limit", "0"]],
    ["a limit above the server's", [
      ...["--all", "--out", "a.csv", "--limit", "1001"],
    ]],
    ["an unknown fallback", ["--all", "--out", "a.csv", "--fallback", "new"]],
  ] as const
) {
  Deno.test(`readSettings() refuses ${what}`, () => {
    const error = assertThrows(() => settings(...argv), RecotemError);
    assertEquals(error.exitCode, 2);
  });
}
