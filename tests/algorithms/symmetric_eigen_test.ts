import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { groupedMatrix, itemGraph } from "./expected_filters.ts";
import { dot } from "./fit_dense.ts";
import { symmetricEigen } from "../../algorithms/symmetric_eigen.ts";
import { createRandom } from "../../core/kernels/create_random.ts";

/** Row-major; what is in rows twice or 0 makes eigenvalues that are equal or 0. */
function matrices(): { name: string; n: number; entries: Float64Array }[] {
  const random = createRandom(3);
  const symmetric = (n: number, entry: (i: number, j: number) => number) => {
    const entries = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        entries[i * n + j] = entries[j * n + i] = entry(i, j);
      }
    }
    return { n, entries };
  };
  return [
    ...[1, 2, 3, 17, 60].map((n) => ({
      name: `random ${n}`,
      ...symmetric(n, () => random.normal()),
    })),
    { name: "zero", ...symmetric(5, () => 0) },
    { name: "identity", ...symmetric(6, (i, j) => i === j ? 1 : 0) },
    { name: "ones", ...symmetric(7, () => 1) },
    { name: "blocks", ...symmetric(8, (i, j) => i % 2 === j % 2 ? 2 : 0) },
    {
      name: "graded",
      ...symmetric(9, (i, j) => 10 ** (-i - j) * (1 + random.float())),
    },
  ];
}

Deno.test("symmetricEigen() diagonalises with orthonormal vectors, values falling", () => {
  for (const { name, n, entries } of matrices()) {
    const { values, vectors } = symmetricEigen(entries.slice(), n);
    const scale = Math.max(1, ...entries.map(Math.abs)) * n;
    for (let a = 0; a < n; a++) {
      assert(a === 0 || values[a]! <= values[a - 1]!, name);
      for (let b = 0; b < n; b++) {
        let inner = 0;
        let form = 0;
        for (let i = 0; i < n; i++) {
          inner += vectors[a * n + i]! * vectors[b * n + i]!;
          for (let j = 0; j < n; j++) {
            form += vectors[a * n + i]! * entries[i * n + j]! *
              vectors[b * n + j]!;
          }
        }
        assertAlmostEquals(inner, a === b ? 1 : 0, 1e-13 * n, name);
        assertAlmostEquals(form, a === b ? values[a]! : 0, 1e-14 * scale, name);
      }
    }
  }
});

Deno.test("symmetricEigen() of no rows has no values, and one that is not finite is refused", () => {
  assert(symmetricEigen(new Float64Array(), 0).values.length === 0);
  for (const bad of [NaN, Infinity]) {
    assertThrows(
      () => symmetricEigen(Float64Array.of(1, bad, bad, 2), 2),
      RangeError,
      "the matrix must be finite",
    );
  }
});

Deno.test("symmetricEigen() finds the many eigenvalues that are 0 of a graph of few users and many items", () => {
  const n = 200;
  const graph = itemGraph(groupedMatrix(60, n), -0.5, -0.5);
  const { values, vectors } = symmetricEigen(
    Float64Array.from(graph.flat()),
    n,
  );
  assert(values[0]! > 0.99 && Math.abs(values[n - 1]!) < 1e-14);
  for (const [f, value] of values.entries()) {
    const vector = Array.from(vectors.subarray(f * n, (f + 1) * n));
    for (const [i, row] of graph.entries()) {
      assertAlmostEquals(dot(row, vector), value * vector[i]!, 1e-13);
    }
  }
});
