import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { algorithmByName, ALGORITHMS } from "../../algorithms/mod.ts";
import { ALGORITHM_NAMES } from "../../core/recipe/algorithm_names.ts";
import { testAlgorithm, type Traits } from "./algorithm_contract.ts";
import { testAlgorithmFaults } from "./algorithm_faults.ts";

const TRAITS: Readonly<Record<string, Traits>> = {
  TopPop: { personal: false },
  IALS: {
    params: {
      n_components: 2,
      reg: 0.01,
      train_epochs: 100,
      max_cg_steps: 0,
    },
    foldInTolerance: 1e-3,
  },
  TruncatedSVD: { params: { n_components: 2 } },
  NMF: { foldInTolerance: 1e-3 },
  // Newcomers are learned by fewer passes.
  BPRFM: { foldInByRank: true, additive: false },
  // A known user is no neighbour of their own; a history is one of the same user's.
  CosineUserKNN: { foldInByRank: true },
  AsymmetricCosineUserKNN: { foldInByRank: true },
};

for (const algorithm of ALGORITHMS) {
  testAlgorithm(algorithm, TRAITS[algorithm.name] ?? {});
  testAlgorithmFaults(algorithm);
}

Deno.test("ALGORITHMS has the names and aliases that recipes are read with", () => {
  const plain = ALGORITHMS.map(({ name, aliases }) => ({ name, aliases }));
  const byName = (a: { name: string }, b: { name: string }) =>
    a.name < b.name ? -1 : 1;
  assertEquals(plain.sort(byName), [...ALGORITHM_NAMES].sort(byName));
});

Deno.test("ALGORITHMS lists what each file of the folder exports, and nothing else", async () => {
  const folder = new URL("../../algorithms/", import.meta.url);
  const exported: unknown[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("_") || OTHER_FILES.includes(name)) continue;
    const module: Record<string, unknown> = await import(
      new URL(name, folder).href
    );
    exported.push(...Object.values(module));
  }
  assertEquals(new Set(exported), new Set<unknown>(ALGORITHMS));
  assertEquals(exported.length, ALGORITHMS.length);
});

const OTHER_FILES = [
  "algorithm.ts",
  "inverse_weights.ts",
  "mod.ts",
  "right_singular_vectors.ts",
  "shape_of.ts",
  "symmetric_eigen.ts",
];

Deno.test("algorithmByName() finds each by its canonical name and refuses any other", () => {
  for (const algorithm of ALGORITHMS) {
    assertStrictEquals(algorithmByName(algorithm.name), algorithm);
  }
  for (const name of ["ials", "CosinekNN", ""]) {
    assertThrows(
      () => algorithmByName(name),
      RangeError,
      `There is no algorithm ${name}`,
    );
  }
});
