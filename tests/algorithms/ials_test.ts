import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { ials, type IalsParams } from "../../algorithms/ials.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import { transpose } from "../../core/kernels/transpose.ts";
import type { FoldIn } from "../../core/models/fold_in.ts";
import type { Model } from "../../core/models/model.ts";
import { fromDense, randomCsr, toDense } from "../core/kernels/matrices.ts";
import { dot, rowsOf, solveRow } from "../core/models/solve_row.ts";
import {
  checkerboard,
  fit,
  historyOf,
  withBothKernels,
  withKernels,
} from "./fit.ts";

const LOSSES = ["IALSPP", "ORIGINAL"] as const;

/** Counts of 30 users and 20 items; the last user and the last item have none. */
function counts(): Csr {
  const random = createRandom(6);
  const dense = toDense(
    randomCsr(random, 30, 20, 0.25, () => 1 + random.int(3)),
  );
  return fromDense(
    dense.map((row, user) =>
      row.map((value, item) => user === 29 || item === 19 ? null : value)
    ),
  );
}

Deno.test("ials lowers the loss in every epoch, for both losses", async () => {
  const matrix = counts();
  for (const loss_type of LOSSES) {
    await withBothKernels(async (kernels) => {
      const params = {
        n_components: 5,
        alpha0: 0.3,
        reg: 0.05,
        nu: 0.8,
        loss_type,
      };
      const seen: number[] = [];
      await fit(ials, matrix, params, {
        kernels,
        epoch(_n, model) {
          seen.push(lossOf(model(), matrix, params));
          return Promise.resolve("go on");
        },
      });
      assertEquals(seen.length, 16);
      for (const [n, loss] of seen.entries()) {
        assert(n === 0 || loss < seen[n - 1]!, `Epoch ${n + 1}: ${seen}`);
      }
      assert(seen.at(-1)! < 0.9 * seen[0]!);
    });
  }
});

Deno.test("ials solves every item's normal equations when it may take enough steps", async () => {
  const matrix = counts();
  const byItem = transpose(matrix);
  await withBothKernels(async (kernels) => {
    for (const loss_type of LOSSES) {
      for (const nu of [0, 0.5, 1, 2]) {
        const params = { alpha0: 0.4, reg: 0.02, nu };
        const model = await fit(ials, matrix, {
          ...params,
          loss_type,
          n_components: 4,
          max_cg_steps: 20,
          train_epochs: 3,
        }, { kernels });
        const { users, items } = factorsOf(model);
        const foldIn: FoldIn = {
          ...params,
          linearOffset: loss_type === "ORIGINAL" ? 0.4 : 0,
        };
        for (let item = 0; item < 19; item++) {
          const wanted = solveRow(users, historyOf(byItem, item), foldIn);
          assertRow(items[item]!, wanted, 1e-4);
        }
        assertEquals(items[19], [0, 0, 0, 0]);
        assertEquals(users[29], [0, 0, 0, 0]);
        assertEquals(
          model.tensors().fold_in!.data,
          Float64Array.of(0.4, 0.02, nu, foldIn.linearOffset),
        );
      }
    }
  });
});

Deno.test("ials comes to rest where users and items solve their normal equations", async () => {
  const matrix = counts();
  const foldIn = { alpha0: 0.4, reg: 0.1, nu: 1, linearOffset: 0 };
  const model = await fit(ials, matrix, {
    alpha0: 0.4,
    reg: 0.1,
    n_components: 3,
    max_cg_steps: 0,
    train_epochs: 400,
  });
  const { users, items } = factorsOf(model);
  for (let user = 0; user < 29; user++) {
    const wanted = solveRow(items, historyOf(matrix, user), foldIn);
    assertRow(users[user]!, wanted, 1e-4);
  }
});

Deno.test("ials starts from normals with a deviation of init_std / √n_components", async () => {
  const kernels = createReferenceKernels();
  const random = createRandom(8);
  const matrix = randomCsr(random, 60, 500, 0.1);
  let first: Float32Array | undefined;
  await fit(ials, matrix, {
    n_components: 25,
    init_std: 3,
    train_epochs: 1,
  }, {
    kernels: {
      ...kernels,
      ialsSolve(args, signal) {
        first ??= args.fixed.slice();
        return kernels.ialsSolve(args, signal);
      },
    },
  });
  const mean = first!.reduce((sum, value) => sum + value, 0) / first!.length;
  const square = first!.reduce((sum, value) => sum + value ** 2, 0);
  assertEquals(first!.length, 500 * 25);
  assertAlmostEquals(mean, 0, 0.03);
  assertAlmostEquals(Math.sqrt(square / first!.length), 3 / 5, 0.02);
});

Deno.test("ials asks after every epoch whether to go on, and stops when told to", async () => {
  const matrix = counts();
  const asked: number[] = [];
  const stopped = await fit(ials, matrix, { n_components: 4 }, {
    epoch(n) {
      asked.push(n);
      return Promise.resolve(n === 3 ? "stop" : "go on");
    },
  });
  assertEquals(asked, [1, 2, 3]);
  const three = await fit(ials, matrix, { n_components: 4, train_epochs: 3 });
  assertEquals(stopped.tensors(), three.tensors());
});

Deno.test("ials shows the model as it stands, the last one being the result", async () => {
  const matrix = counts();
  const shown: unknown[] = [];
  const params = { n_components: 4, train_epochs: 4 };
  const model = await fit(ials, matrix, params, {
    epoch(_n, current) {
      shown.push(factorsOf(current()));
      return Promise.resolve("go on");
    },
  });
  assertEquals(shown[3], factorsOf(model));
  const two = await fit(ials, matrix, { ...params, train_epochs: 2 });
  assertEquals(shown[1], factorsOf(two));
});

Deno.test("ials takes no more factors than users or items, and says so", async () => {
  const warnings: unknown[] = [];
  const warn = (...warning: unknown[]) => warnings.push(warning);
  const few = fromDense([[1, 1, null, 1, 1], [null, 1, 1, 1, null]]);
  const model = await fit(ials, few, { n_components: 7 }, { warn });
  assertEquals(model.tensors().user_factors!.shape, [2, 2]);
  assertEquals(warnings, [
    ["n_components_clamped", { requested: 7, clamped: 2 }],
  ]);
  await fit(ials, few, { n_components: 2 }, { warn });
  assertEquals(warnings.length, 1);
});

Deno.test("ials stops in the middle of a long fit when it is aborted", () =>
  withKernels(2, async (kernels) => {
    const reason = new Error("enough");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 20);
    const error = await assertRejects(() =>
      fit(ials, checkerboard(), { train_epochs: 1e9 }, {
        kernels,
        signal: controller.signal,
        // Seconds after it should have stopped.
        epoch: (n) => Promise.resolve(n < 20_000 ? "go on" : "stop"),
      })
    );
    assertEquals(error, reason);
  }));

Deno.test("ials refuses factors that grew beyond all bounds, by the parameters", async () => {
  await assertRejects(
    () =>
      fit(ials, checkerboard(), {
        init_std: 1e300,
        train_epochs: 1,
        max_cg_steps: 1,
      }),
    RangeError,
    "alpha0",
  );
});

function factorsOf(
  model: Model,
): { readonly users: number[][]; readonly items: number[][] } {
  const { user_factors: users, item_factors: items } = model.tensors();
  const k = users!.shape[1]!;
  return {
    users: rowsOf(users!.data as Float32Array, k),
    items: rowsOf(items!.data as Float32Array, k),
  };
}

/** The loss by its definition: over all pairs of user and item, and both ridges. */
function lossOf(
  model: Model,
  matrix: Csr,
  { alpha0, reg, nu, loss_type }: Pick<
    IalsParams,
    "alpha0" | "reg" | "nu" | "loss_type"
  >,
): number {
  const { users, items } = factorsOf(model);
  let loss = 0;
  for (const [u, row] of toDense(matrix).entries()) {
    for (const [i, count] of row.entries()) {
      const score = dot(users[u]!, items[i]!);
      if (count === null) loss += alpha0 * score ** 2;
      // The original loss has the weight alpha0 grow by the count; IALS++ adds the observed term to the unobserved.
      else if (loss_type === "ORIGINAL") {
        loss += (alpha0 + count) * (1 - score) ** 2;
      } else loss += count * (1 - score) ** 2 + alpha0 * score ** 2;
    }
  }
  const sides = [[matrix, users], [transpose(matrix), items]] as const;
  for (const [{ rows, cols, indptr }, factors] of sides) {
    for (let row = 0; row < rows; row++) {
      const frequency = alpha0 * cols + indptr[row + 1]! - indptr[row]!;
      loss += reg * frequency ** nu * dot(factors[row]!, factors[row]!);
    }
  }
  return loss;
}

function assertRow(
  actual: readonly number[],
  wanted: readonly number[],
  tolerance: number,
): void {
  actual.forEach((value, f) =>
    assertAlmostEquals(value, wanted[f]!, tolerance)
  );
}
