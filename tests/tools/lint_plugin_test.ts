import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { relative } from "node:path/posix";
import plugin from "../../tools/lint_plugin.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Lints `source` as if it stood at `path`; answers `rule: message` lines. */
function lint(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, ROOT + path, source)
    .map(({ id, message }) => `${id}: ${message}`);
}

/** The specifier by which one file of the tree imports another. */
function specifier(from: string, to: string): string {
  const path = relative(from + "/..", to);
  return path.startsWith(".") ? path : `./${path}`;
}

function lintEdge(from: string, to: string): string[] {
  return lint(from, `import "${specifier(from, to)}";`);
}

/** One file of each room. */
const FILES = {
  errors: "core/errors.ts",
  std: "core/std/path.ts",
  kernels: "core/kernels/csr.ts",
  config: "core/config/events.ts",
  recipe: "core/recipe/recipe.ts",
  storage: "core/storage/store.ts",
  models: "core/models/model.ts",
  algorithms: "algorithms/ials.ts",
  artifact: "artifact/encode.ts",
  train: "train/data/sources/csv.ts",
  serve: "serve/routes/predict.ts",
  cli: "cli/main.ts",
  mod: "mod.ts",
  tests: "tests/serve/app_test.ts",
  tools: "tools/build_kernels.ts",
  bench: "bench/kernels_bench.ts",
} as const;
type Name = keyof typeof FILES;

const CORE: readonly Name[] = [
  "errors",
  "kernels",
  "config",
  "recipe",
  "storage",
  "models",
];

/** The table of the architecture, written out a second time so that a slip in the first is seen. */
const ALLOWED: Readonly<Record<Name, readonly Name[]>> = {
  errors: [],
  std: [],
  kernels: [],
  config: ["errors"],
  recipe: ["config", "errors", "storage", "models"],
  storage: ["config", "errors"],
  models: ["kernels"],
  algorithms: ["models", "kernels"],
  artifact: CORE,
  train: [...CORE, "algorithms", "artifact"],
  serve: [...CORE, "artifact"],
  cli: [...CORE, "algorithms", "artifact", "train", "serve"],
  mod: [...CORE, "algorithms", "artifact", "train", "serve"],
  tests: Object.keys(FILES) as Name[],
  tools: Object.keys(FILES) as Name[],
  bench: Object.keys(FILES) as Name[],
};

for (const from of Object.keys(FILES) as Name[]) {
  const allowed = new Set<Name>([from, "std", ...ALLOWED[from]]);
  Deno.test(`boundaries lets ${from} import ${[...allowed].join(", ")} and nothing else`, () => {
    const passed = (Object.keys(FILES) as Name[]).filter((to) =>
      lintEdge(FILES[from], FILES[to]).length === 0
    );
    assertEquals(new Set(passed), allowed);
  });
}

const WAYS: Readonly<Record<string, string>> = {
  "a static import": `import { a } from "../train/main.ts"; a();`,
  "an import type": `import type { A } from "../train/main.ts";`,
  "a re-export": `export { a } from "../train/main.ts";`,
  "a re-export of everything": `export * from "../train/main.ts";`,
  "a dynamic import": `await import("../train/main.ts");`,
  "an inline import type": `let x: import("../train/main.ts").A;`,
  "a module URL": `new URL("../train/main.ts", import.meta.url);`,
  "a resolved module": `import.meta.resolve("../train/main.ts");`,
};

for (const [way, source] of Object.entries(WAYS)) {
  Deno.test(`boundaries sees ${way}`, () => {
    assertEquals(lint("serve/main.ts", source), [
      "recotem/boundaries: serve/ may not import train/",
    ]);
  });
}

Deno.test("boundaries names a file that belongs to no room", () => {
  assertEquals(lint("core/helpers.ts", `import "./errors.ts";`), [
    "recotem/boundaries: core/helpers.ts belongs to no room of the source tree",
  ]);
});

Deno.test("boundaries lets data URLs and files beside the code be named", () => {
  assertEquals(
    lint("serve/page.ts", `new URL("../docs/page.html", import.meta.url);`),
    [],
  );
});

for (const specifier of ["npm:zod@4", "jsr:@std/path", "https://x.test/m.ts"]) {
  Deno.test(`third-party refuses ${specifier} in code`, () => {
    assertEquals(lint("tests/x_test.ts", `import "${specifier}";`), [
      "recotem/third-party: Third-party code is imported through the import map only",
    ]);
  });
}

Deno.test("third-party lets mapped names and node: modules pass", () => {
  assertEquals(
    lint("core/recipe/x.ts", `import "zod"; import "node:crypto";`),
    [],
  );
});

Deno.test("third-party sends @std through its typed doors in product code only", () => {
  const source = `import "@std/path";`;
  assertEquals(lint("train/lock.ts", source), [
    "recotem/third-party: @std is imported through core/std/ only",
  ]);
  assertEquals(lint("core/std/path.ts", source), []);
  assertEquals(lint("tests/x_test.ts", source), []);
});

Deno.test("private-file keeps _name.ts inside its folder", () => {
  assertEquals(lint("train/data/csv.ts", `import "./_rows.ts";`), []);
  assertEquals(lint("train/main.ts", `import "./data/_rows.ts";`), [
    "recotem/private-file: train/data/_rows.ts is private to its folder",
  ]);
});

Deno.test("no-top-level-arrow asks for function declarations", () => {
  const message =
    "recotem/no-top-level-arrow: A top-level function is a declaration, not an arrow";
  assertEquals(lint("mod.ts", `export const f = (): number => 1;`), [message]);
  assertEquals(lint("mod.ts", `const f = (): number => 1; f();`), [message]);
  assertEquals(lint("mod.ts", `function f() { const g = () => 1; g(); }`), []);
});

Deno.test("hash-private asks for #name, and leaves private constructors alone", () => {
  const message = "recotem/hash-private: A private member is written #name";
  assertEquals(lint("mod.ts", `class A { private x = 1; }`), [message]);
  assertEquals(lint("mod.ts", `class A { private f() {} }`), [message]);
  assertEquals(
    lint("mod.ts", `class A { #x = 1; private constructor() {} }`),
    [],
  );
});
