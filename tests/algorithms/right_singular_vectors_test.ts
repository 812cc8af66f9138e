import { assert, assertAlmostEquals } from "@std/assert";
import { rightSingularVectors } from "../../algorithms/right_singular_vectors.ts";
import { symmetricEigen } from "../../algorithms/symmetric_eigen.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { randomCsr, toDense } from "../core/kernels/matrices.ts";
import { column, dot } from "./fit_dense.ts";

Deno.test("rightSingularVectors() spans the exact vectors where singular values fall slowly", async () => {
  const [users, items, rank] = [400, 300, 40];
  const matrix = randomCsr(createRandom(5), users, items, 0.05, () => 1);
  const rows = toDense(matrix).map((row) => row.map((value) => value ?? 0));
  const columns = Array.from(
    { length: items },
    (_, item) => column(rows, item),
  );
  const gram = columns.flatMap((a) => columns.map((b) => dot(a, b)));
  const exact = symmetricEigen(Float64Array.from(gram), items);
  const kernels = await createKernels({ threads: 2 });
  try {
    const { data, columns: found } = await rightSingularVectors(matrix, rank, {
      kernels,
      random: createRandom(42),
      signal: new AbortController().signal,
      shared: createSharedWork(),
      warn() {},
    });
    const vector = (f: number) =>
      Array.from({ length: items }, (_, item) => data[item * found + f]!);
    const vectors = Array.from({ length: rank }, (_, f) => vector(f));
    for (let f = 0; f < rank; f++) {
      const square = rows.reduce(
        (sum, row) => sum + dot(row, vectors[f]!) ** 2,
        0,
      );
      assertAlmostEquals(square / exact.values[f]!, 1, 1e-3);
      // The last one wanted is hardly told from the first that is not.
      if (f === rank - 1) continue;
      const wanted = Array.from(
        exact.vectors.subarray(f * items, (f + 1) * items),
      );
      const inside = vectors.reduce((sum, v) => sum + dot(v, wanted) ** 2, 0);
      assert(inside > 1 - 1e-3, `vector ${f} lies inside by ${inside}`);
    }
  } finally {
    kernels.close();
  }
});
