import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../../core/kernels/create_random.ts";
import { gemm, type GemmArgs } from "../../../../core/kernels/gpu/gemm.ts";
import { testOnGpu } from "./on_gpu.ts";

/** Factors of small integers, so that sums are exact in any order; the result is filled with NaN. */
function integerArgs(rows: number, depth: number, columns: number): GemmArgs {
  const random = createRandom(rows + depth + columns);
  const integers = (n: number) =>
    Float32Array.from({ length: n }, () => Math.floor(9 * random.float()) - 4);
  return {
    left: integers(rows * depth),
    right: integers(depth * columns),
    out: new Float32Array(rows * columns).fill(NaN),
    rows,
    depth,
    columns,
  };
}

function product(
  { left, right, rows, depth, columns }: GemmArgs,
): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < depth; k++) {
      const value = left[i * depth + k]!;
      for (let j = 0; j < columns; j++) {
        out[i * columns + j]! += value * right[k * columns + j]!;
      }
    }
  }
  return out;
}

testOnGpu(
  "gemm() is the exact product of small integers, whatever the sides",
  async (device) => {
    for (
      const [rows, depth, columns] of [
        [1, 1, 1],
        [3, 70, 129],
        [64, 16, 64],
        [65, 1, 63],
        [200, 130, 300],
        [2, 0, 3],
        [0, 2, 3],
      ] as const
    ) {
      const args = integerArgs(rows, depth, columns);
      await gemm(device, args);
      assertEquals(
        args.out.map((value) => value + 0),
        product(args).map((value) => value + 0),
        `${rows} × ${depth} × ${columns}`,
      );
    }
  },
);

testOnGpu("gemm() adds up blocks of sides over 4096", async (device) => {
  for (
    const [rows, depth, columns] of [
      [2, 5000, 3],
      [4100, 3, 2],
      [2, 3, 4100],
    ] as const
  ) {
    const args = integerArgs(rows, depth, columns);
    await gemm(device, args);
    const expected = product(args);
    assert(args.out.every((value, at) => value === expected[at]));
  }
});

testOnGpu("gemm() ends with the signal's reason", async (device) => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(
    () => gemm(device, integerArgs(70, 70, 70), signal),
    Error,
    "enough",
  );
});
