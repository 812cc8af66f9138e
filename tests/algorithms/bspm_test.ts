import { bspm } from "../../algorithms/bspm.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { assertClose } from "./assert_close.ts";
import {
  add,
  groupedMatrix,
  idealFilter,
  itemGraph,
  keepStrongest,
  multiply,
} from "./expected_filters.ts";
import { type Dense, fitDense, itemWeights, WEIGHTED } from "./fit_dense.ts";

interface Process {
  readonly components: number;
  readonly share: number;
  readonly step: number;
}

/** Blur and ideal filter, then one classical Runge–Kutta step of `y' = -y P`. */
function expected(
  rows: Dense,
  { components, share, step }: Process,
): number[][] {
  const graph = itemGraph(rows, -0.5, -0.5);
  const slope = (y: Dense) =>
    multiply(y, graph).map((row) => row.map((value) => -value));
  const y = add(graph, idealFilter(rows, components), share);
  const k1 = slope(y);
  const k2 = slope(add(y, k1, step / 2));
  const k3 = slope(add(y, k2, step / 2));
  const k4 = slope(add(y, k3, step));
  let end = add(y, k1, step / 6);
  end = add(end, k2, step / 3);
  end = add(end, k3, step / 3);
  return add(end, k4, step / 6);
}

Deno.test("BSPM blurs, adds the ideal filter, and sharpens by one Runge–Kutta step", async () => {
  for (
    const [components, share, step] of [
      [2, 0.2, 2.5],
      [1, 1, 0.7],
      [4, 0, 4],
      [2, 0.5, 0],
    ] as const
  ) {
    const model = await fitDense(bspm, WEIGHTED, {
      n_components: components,
      idl_beta: share,
      sharpening_time: step,
    });
    assertClose(
      itemWeights(model, 6),
      expected(WEIGHTED, { components, share, step }),
      1e-4,
    );
  }
});

Deno.test("BSPM on a pool of workers is the process of hundreds of users and items, cut by magnitude", async () => {
  const kernels = await createKernels({ threads: 2 });
  try {
    for (const [users, items] of [[300, 90], [60, 200]] as const) {
      const rows = groupedMatrix(users, items);
      const whole = expected(rows, { components: 7, share: 0.2, step: 2.5 });
      const params = { n_components: 7 };
      const all = await fitDense(bspm, rows, params, { kernels });
      assertClose(itemWeights(all, items), whole, 1e-4);
      const few = { ...params, top_k: 20 };
      const cut = await fitDense(bspm, rows, few, { kernels });
      assertClose(itemWeights(cut, items), keepStrongest(whole, 20), 1e-4);
    }
  } finally {
    kernels.close();
  }
});
