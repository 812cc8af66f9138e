import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { refusePath } from "../../../core/recipe/refuse_path.ts";
import { parse, recipeText, refusal } from "./_helpers.ts";

/** URI → whether a source and an output may have it. */
const PATHS: readonly [string, boolean, boolean][] = [
  // Allowed schemes, in any case.
  ["data/x.csv", true, true],
  ["/data/x.csv", true, true],
  ["./a:b/x.csv", true, true],
  ["data/12:30.csv", true, true],
  ["file:///data/x.csv", true, true],
  ["FILE:///data/x.csv", true, true],
  ["s3://bucket/x", true, true],
  ["gs://bucket/x", true, true],
  ["Gs://bucket/x", true, true],
  ["az://container/x", true, true],
  ["abfs://container/x", true, true],
  ["abfss://container/x", true, true],
  ["http://host/x", true, false],
  ["https://host:8443/x?y=z", true, false],
  ["HTTPS://host/x", true, false],
  // All else.
  ["ftp://host/x", false, false],
  ["ftps://host/x", false, false],
  ["memory://x", false, false],
  ["data:text/csv,a", false, false],
  ["javascript:alert(1)", false, false],
  ["hdfs://host/x", false, false],
  ["oss://bucket/x", false, false],
  ["C:\\data\\x.csv", false, false],
  ["c:/data/x.csv", false, false],
  ["a+b.c-1://x", false, false],
  // Chains and IPv6 literals.
  ["s3::https://host/x", false, false],
  ["simplecache::s3://bucket/x", false, false],
  ["http://[::1]/x", false, false],
  ["zip://a.csv::b.zip", false, false],
  ["data/a::b.csv", false, false],
  // Users and passwords.
  ["http://u:p@host/x", false, false],
  ["https://u@host/x", false, false],
  ["https://:p@host/x", false, false],
  ["HTTP://U:P@host/x", false, false],
  ["https://host\\@evil/x", false, false],
  ["https:\\\\u:p@host/x", false, false],
  ["ftp://u:p@host/x", false, false],
  ["s3://u:p@bucket/x", false, false],
  ["abfs://container@account/x", false, false],
  ["abfss://container@account/x", false, false],
  ["gs://bucket@x/y", true, true],
  ["az://container@account/x", true, true],
  ["file:///data/a@b.csv", true, true],
  ["data/a@b.csv", true, true],
  ["https://host/a@b", true, false],
  // Objects without a name, and names that a URL cannot carry.
  ["s3://bucket", false, false],
  ["s3://bucket/", false, false],
  ["gs://bucket/a/../b", false, false],
  ["az://container/./b", false, false],
  ["abfs://container/a/..", false, false],
  ["s3://bucket/a..b/...", true, true],
  ["s3://bucket//a", true, true],
  // Hosts in file URIs.
  ["file://localhost/x", true, true],
  ["file://LOCALHOST/x", true, true],
  ["file://host/x", true, false],
  // Not well formed.
  ["", false, false],
  [" ", false, false],
  [" http://host/x", false, false],
  ["ht\ttp://host/x", false, false],
  ["data/x\0.csv", false, false],
  ["http:host/x", false, false],
  ["http:/host/x", false, false],
  ["https:///x", false, false],
  ["s3:///x", false, false],
  ["s3:bucket/x", false, false],
  ["file:x.csv", false, false],
  ["file:/data/x.csv", false, false],
  ["file:///%ff", false, false],
  ["folder/", true, false],
];

for (const [uri, source, output] of PATHS) {
  Deno.test(`refusePath() judges ${JSON.stringify(uri)}`, () => {
    assertEquals(refusePath(uri, "source") === null, source, "source");
    assertEquals(refusePath(uri, "output") === null, output, "output");
  });
}

/** Those where an artifact that is only read may lie although none may be written there. */
const READ_ONLY = [
  "https://host:8443/x?y=z",
  "HTTPS://host/x",
  "https://host/a@b",
];

Deno.test("refusePath() lets an artifact that is only read lie where one may be written, and at https", () => {
  for (const [uri, , output] of PATHS) {
    const allowed = output || READ_ONLY.includes(uri);
    assertEquals(refusePath(uri, "artifact") === null, allowed, uri);
  }
  assertEquals(refusePath("https://host/x/", "artifact"), "must name a file");
});

Deno.test("parseRecipe() lets the artifact lie at https where it is only read, and else says where it may lie", async () => {
  const text = recipeText({
    output: "output: { path: 'https://h/x.recotem' }",
  });
  const { output } = await parse(text, { readOnly: true });
  assertEquals(output.path, "https://h/x.recotem");
  const error = await refusal(text);
  assertEquals(error.code, "recipe_security_error");
  assertStringIncludes(
    error.message,
    "Key output.path is on the web, where servers may read an artifact and training cannot publish one",
  );
});

Deno.test("refusePath() repeats no user, password or host", () => {
  for (const [uri] of PATHS.filter(([uri]) => uri.includes("@"))) {
    const reason = refusePath(uri, "output") ?? "";
    assert(!reason.includes("u:p") && !reason.includes("host/x"), reason);
  }
});

const DIGEST = "a".repeat(64);

Deno.test("parseRecipe() checks the paths of source, item metadata and output", async () => {
  const blocks: [string, Record<string, string>][] = [
    ["source.path", { source: "source: { type: csv, path: 'ftp://u:p@h/x' }" }],
    ["item_metadata.path", {
      item_metadata:
        "item_metadata: { type: csv, path: 'ftp://u:p@h/x', fields: [a] }",
    }],
    ["output.path", { output: "output: { path: 'ftp://u:p@h/x' }" }],
  ];
  for (const [key, block] of blocks) {
    const error = await refusal(recipeText(block));
    assertEquals(error.code, "recipe_security_error");
    assertEquals(error.details.error_class, "security");
    assertStringIncludes(error.message, `Key ${key} has the scheme "ftp"`);
    assert(!error.message.includes("u:p"));
  }
});

Deno.test("parseRecipe() wants a digest for files from the network", async () => {
  for (const uri of ["http://h/x", "HTTPS://h/x"]) {
    const error = await refusal(recipeText({
      source: `source: { type: parquet, path: '${uri}' }`,
    }));
    assertEquals(error.code, "recipe_security_error");
    assertStringIncludes(error.message, ":2:32: Key source.sha256 is missing");
    const metadata = await refusal(recipeText({
      item_metadata:
        `item_metadata: { type: csv, path: '${uri}', fields: [a] }`,
    }));
    assertStringIncludes(metadata.message, "Key item_metadata.sha256");
    const { source } = await parse(recipeText({
      source: `source: { type: csv, path: '${uri}', sha256: '${DIGEST}' }`,
    }));
    assertEquals("sha256" in source ? source.sha256 : null, DIGEST);
  }
});
