import { assert, assertEquals } from "@std/assert";
import { refusal, roomOf, ROOMS } from "../tools/boundaries.ts";
import {
  type ModuleGraph,
  moduleGraph,
  reachable,
} from "../tools/module_graph.ts";

const ROOT = new URL("..", import.meta.url);

/** What no entry may reach, by any way: entry → folders. */
const UNREACHABLE: Readonly<Record<string, readonly string[]>> = {
  "serve/main.ts": ["train/", "algorithms/", "recommend/", "cli/"],
  "serve/deploy.ts": ["train/", "algorithms/", "recommend/", "cli/"],
  "train/main.ts": ["serve/", "recommend/", "cli/"],
  "recommend/main.ts": ["train/", "algorithms/", "cli/"],
  "mod.ts": ["cli/"],
  "cli/main.ts": ["tests/", "tools/", "bench/"],
};

/** Paths below one of the folders that `entry` reaches. */
function trespasses(
  graph: ModuleGraph,
  entry: string,
  folders: readonly string[],
): string[] {
  return [...reachable(graph, entry)]
    .filter((path) => folders.some((folder) => path.startsWith(folder)));
}

/** The direct edges that the table of rooms refuses. */
function refusals(graph: ModuleGraph): string[] {
  return graph.flatMap(({ from, to }) => {
    const reason = refusal(from, to);
    return reason === null ? [] : [`${from} → ${to}: ${reason}`];
  });
}

for (const [entry, folders] of Object.entries(UNREACHABLE)) {
  Deno.test(`${entry} reaches nothing of ${folders.join(", ")}`, async () => {
    const graph = await moduleGraph(ROOT, entry);
    assert(graph.length > 0);
    assertEquals(trespasses(graph, entry, folders), []);
    assertEquals(refusals(graph), []);
  });
}

/** A small tree with the shape of the real one: `files` maps paths to the modules they import. */
async function tree(
  files: Readonly<Record<string, readonly string[]>>,
): Promise<{ root: URL } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const root = new URL(`file://${await Deno.realPath(folder)}/`);
  for (const [path, imports] of Object.entries(files)) {
    const file = new URL(path, root);
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(
      file,
      imports.map((to) =>
        `import "${"../".repeat(path.split("/").length - 1)}./${to}";\n`
      )
        .join("") + "export {};\n",
    );
  }
  return {
    root,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const HONEST = {
  "serve/main.ts": ["serve/registry.ts"],
  "serve/registry.ts": ["core/models/model.ts"],
  "core/models/model.ts": ["core/kernels/csr.ts"],
  "core/kernels/csr.ts": [],
  "train/data/cleanse.ts": [],
};

Deno.test("the check of reach passes on a tree that keeps the rules", async () => {
  await using project = await tree(HONEST);
  const graph = await moduleGraph(project.root, "serve/main.ts");
  assertEquals(graph.length, 3);
  assertEquals(trespasses(graph, "serve/main.ts", ["train/"]), []);
  assertEquals(refusals(graph), []);
});

Deno.test("the check of reach fails when a forbidden import is added three files away", async () => {
  await using project = await tree({
    ...HONEST,
    "core/kernels/csr.ts": ["train/data/cleanse.ts"],
  });
  const graph = await moduleGraph(project.root, "serve/main.ts");
  assertEquals(trespasses(graph, "serve/main.ts", ["train/"]), [
    "train/data/cleanse.ts",
  ]);
  assertEquals(refusals(graph), [
    "core/kernels/csr.ts → train/data/cleanse.ts: core/kernels/ may not import train/",
  ]);
});

/** The product's own files, as the rooms list them. */
async function productFiles(): Promise<string[]> {
  const found: string[] = [];
  async function walk(folder: string): Promise<void> {
    for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
      const path = folder + entry.name;
      if (entry.isDirectory) await walk(`${path}/`);
      else if (path.endsWith(".ts")) found.push(path);
    }
  }
  const folders = new Set(
    ROOMS.map(({ path }) => path.split("/")[0]!).filter((p) =>
      !p.endsWith(".ts")
    ),
  );
  for (const folder of folders) await walk(`${folder}/`);
  return found.sort();
}

/** Generated, or source of a generated file: neither read by hand nor compiled with the rest. */
const GENERATED = /^core\/kernels\/(assembly\/|.*_wasm\.ts$)/;

Deno.test("every file of the product belongs to a room", async () => {
  const homeless = (await productFiles()).filter((path) =>
    roomOf(path) === null
  );
  assertEquals(homeless, []);
});

Deno.test("no file is over 500 lines, and half of them are under 100", async () => {
  const lengths: [string, number][] = [];
  for (const path of await productFiles()) {
    if (GENERATED.test(path)) continue;
    const text = await Deno.readTextFile(new URL(path, ROOT));
    lengths.push([path, text.split("\n").length - 1]);
  }
  assertEquals(lengths.filter(([, lines]) => lines > 500), []);
  const sorted = lengths.map(([, lines]) => lines).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  assert(median < 100, `The median file has ${median} lines`);
});

interface Configuration {
  readonly imports: Readonly<Record<string, string>>;
}

Deno.test("deno.json pins every dependency to one exact version and names no other package", async () => {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  const { imports } = JSON.parse(text) as Configuration;
  const packages = new Set<string>();
  for (const [name, target] of Object.entries(imports)) {
    const match = /^npm:((?:@[^/]+\/)?[^@/]+)@(\d+\.\d+\.\d+[^/]*)(\/.*)?$/
      .exec(
        target,
      );
    if (match === null) throw new Error(`${name} is not pinned: ${target}`);
    packages.add(match[1]!);
  }
  assertEquals([...packages].sort(), PACKAGES);
});

/** Every package the project depends on directly; a new one is a decision, taken here. */
const PACKAGES: readonly string[] = [
  "@hono/zod-openapi",
  "@logtape/logtape",
  "@uwdata/flechette",
  "@xterm/headless",
  "@zip.js/zip.js",
  "assemblyscript",
  "aws4fetch",
  "axe-core",
  "deno-std",
  "fast-check",
  "hono",
  "hyparquet",
  "hyparquet-compressors",
  "hyparquet-writer",
  "mysql2",
  "postgres",
  "prom-client",
  "string-width",
  "unbzip2-stream",
  "xz-decompress",
  "yaml",
  "zod",
];
