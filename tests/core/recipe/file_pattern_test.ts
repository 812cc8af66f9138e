import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { filePattern } from "../../../core/recipe/file_pattern.ts";

Deno.test("filePattern() is of paths whose last part has a star, and of nothing on the web", () => {
  const folders = ["data/a*.csv", "/srv/*", "*.csv", "s3://b/x/*.csv", "a/**"]
    .map((path) => filePattern(path)?.folder);
  assertEquals(folders, ["data/", "/srv/", "./", "s3://b/x/", "a/"]);
  for (
    const path of ["a.csv", "a*/b.csv", "http://h/*.csv", "HTTPS://h/*", ""]
  ) {
    assertEquals(filePattern(path), null, path);
  }
});

Deno.test("filePattern() matches names as a shell would, and none that are hidden unless they are named so", () => {
  for (
    const [pattern, matching, others] of [
      ["*.csv", ["a.csv", "a.b.csv"], [".csv", ".a.csv", "_a.csv", "a.csvx"]],
      ["_*.csv", ["_a.csv"], ["a.csv"]],
      [".*", [".a", "."], ["a"]],
      ["a*a", ["aa", "aba"], ["a", "ab", "ba"]],
      ["a*b*c", ["abc", "axbxc", "abbc"], ["acb", "ac", "abcd"]],
      ["x*ab*ab", ["xabab", "xab-ab"], ["xab", "xabb"]],
    ] as const
  ) {
    const { matches } = filePattern(pattern)!;
    for (const name of matching) assertEquals(matches(name), true, name);
    for (const name of others) assertEquals(matches(name), false, name);
  }
});

Deno.test("filePattern() equals a regular expression for any pattern and name", () => {
  const text = (letters: string[]) =>
    fc.array(fc.constantFrom(...letters), { maxLength: 8 })
      .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text(["a", "b", "*"]), text(["a", "b"]), (pattern, name) => {
      const found = filePattern(`x/${pattern}`);
      if (!pattern.includes("*")) return assertEquals(found, null);
      const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
      assertEquals(found!.matches(name), expected.test(name));
    }),
    { numRuns: 2000 },
  );
});
