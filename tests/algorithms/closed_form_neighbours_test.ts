import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { denseSlim } from "../../algorithms/dense_slim.ts";
import { edlae } from "../../algorithms/edlae.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import { SimilarityModel } from "../../core/models/similarity.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { assertClose } from "./assert_close.ts";
import { expectedClosedForm } from "./expected_closed_form.ts";
import { type Dense, fitDense, itemWeights, WEIGHTED } from "./fit_dense.ts";

const ITEMS = 24;
/** Every two items have a user in common: the first has all. */
const DENSE: Dense = Array.from({ length: 60 }, (_, user) => {
  const random = createRandom(user);
  return Array.from(
    { length: ITEMS },
    () => user === 0 || random.float() < 0.3 ? 1 + random.int(3) : 0,
  );
});

for (
  const { algorithm, params, ridge } of [
    {
      algorithm: denseSlim as Algorithm,
      params: { reg: 2 },
      ridge: () => 2,
    },
    {
      algorithm: edlae as Algorithm,
      params: { reg: 2, dropout_p: 0.5 },
      ridge: (square: number) => square + 2,
    },
  ]
) {
  const { name } = algorithm;

  Deno.test(`${name} with all neighbours is ${name}`, async () => {
    const kernels = await createKernels({ threads: 2 });
    try {
      const model = await fitDense(
        algorithm,
        DENSE,
        { ...params, neighbours: ITEMS },
        { kernels },
      );
      assert(model instanceof SimilarityModel);
      assertClose(itemWeights(model, ITEMS), expectedClosedForm(DENSE, ridge));
    } finally {
      kernels.close();
    }
  });

  Deno.test(`${name} predicts each item from as many neighbours as it is told`, async () => {
    const model = await fitDense(algorithm, DENSE, {
      ...params,
      neighbours: 5,
    });
    const weights = itemWeights(model, ITEMS);
    for (let target = 0; target < ITEMS; target++) {
      assertEquals(weights.filter((row) => row[target] !== 0).length, 5);
      assertEquals(weights[target]![target], 0);
    }
  });

  Deno.test(`${name} with neighbours has numbers for a single item, users without items and items without users`, async () => {
    for (const rows of [[[3]], [[0]], [[0, 0], [0, 0]], WEIGHTED]) {
      const model = await fitDense(algorithm, rows, {
        ...params,
        neighbours: 2,
      });
      const weights = itemWeights(model, rows[0]!.length).flat();
      assert(weights.every(Number.isFinite));
      assertEquals(weights.some((weight) => weight !== 0), rows === WEIGHTED);
    }
  });

  Deno.test(`${name} with neighbours names reg when it is 0, or too small for its precision`, async () => {
    assertThrows(() => algorithm.params.parse({ reg: 0 }), Error, "reg");
    const rows = [[1, 1000, 1000], [0, 1000, 1000]];
    const kernels = await createKernels({ threads: 1 });
    try {
      await assertRejects(
        () =>
          fitDense(
            algorithm,
            rows,
            {
              reg: 1e-6,
              neighbours: 2,
              ...(name === "EDLAE" && { dropout_p: 0 }),
            },
            { kernels },
          ),
        RangeError,
        `${name}: reg is 0.000001, must be larger for these interactions: Cannot solve for item 0`,
      );
    } finally {
      kernels.close();
    }
  });

  Deno.test(`${name} with neighbours says that interaction weights are too large to square`, async () => {
    await assertRejects(
      () => fitDense(algorithm, [[1e30, 1], [1, 1]], { neighbours: 1 }),
      RangeError,
      `${name}: a sum of squared interaction weights is not finite`,
    );
  });

  Deno.test(`${name} inverts the whole matrix while that has room in memory, and costs no more than there is`, () => {
    const open = algorithm.params.parse({});
    const shape = { users: 200_000, nonZeros: 5_000_000 };
    const settled = (items: number) =>
      algorithm.settled!({ ...shape, items }, open);
    assertEquals(settled(41_000), {});
    assertEquals(settled(45_000), { neighbours: 256 });
    // Three quarters of a gigabyte of weights.
    assertEquals(settled(1_000_000), { neighbours: 100 });
    assertEquals(
      algorithm.settled!(
        { ...shape, items: 100_000 },
        algorithm.params.parse({ neighbours: 9 }),
      ),
      {},
    );
    for (const items of [41_000, 45_000, 100_000, 1_000_000]) {
      assert(algorithm.cost({ ...shape, items }, open).bytes < 2 ** 32);
    }
  });

  Deno.test(`${name} of a catalogue beyond memory uses neighbours, and says so`, async () => {
    const items = 50_000;
    // Two users with three items each, one of them in common.
    const matrix: Csr = {
      rows: 2,
      cols: items,
      indptr: Uint32Array.of(0, 3, 6),
      indices: Uint32Array.of(0, 7, 49_999, 7, 8, 9),
      values: new Float32Array(6).fill(1),
    };
    const warnings: unknown[] = [];
    const kernels = await createKernels({ threads: 1 });
    try {
      const fit = (neighbours: number | null) =>
        algorithm.fit(
          matrix,
          algorithm.params.parse({ ...params, neighbours }),
          {
            kernels,
            random: createRandom(1),
            signal: new AbortController().signal,
            shared: createSharedWork(),
            warn: (event, fields) => warnings.push({ event, ...fields }),
          },
        ) as Promise<SimilarityModel>;
      const asked = await fit(256);
      assertEquals(warnings, []);
      const settled = await fit(null);
      assertEquals(warnings, [{
        event: "approximate_inverse_used",
        algorithm: name,
        items,
        neighbours: 256,
        density: 256 / items,
      }]);
      assertEquals(settled.weights, asked.weights);
      // Four neighbours predict item 7, and two each of the others.
      assertEquals(settled.weights.indices.length, 4 + 4 * 2);
    } finally {
      kernels.close();
    }
  });
}
