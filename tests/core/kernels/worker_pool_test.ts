import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { fromFileUrl } from "@std/path";
import { createKernels } from "../../../core/kernels/create_kernels.ts";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { IalsSolveArgs, Kernels } from "../../../core/kernels/kernels.ts";
import { transpose } from "../../../core/kernels/transpose.ts";
import { runScript } from "../run_script.ts";
import { randomCsr, randomFloats } from "./matrices.ts";

function ialsArgs(rows: number, cols: number, factors: number): IalsSolveArgs {
  const random = createRandom(rows);
  return {
    matrix: randomCsr(random, rows, cols, 0.1),
    fixed: randomFloats(random, cols * factors),
    solved: randomFloats(random, rows * factors),
    factors,
    gram: Float32Array.from(
      { length: factors * factors },
      (_, at) => at % (factors + 1) === 0 ? 1 : 0,
    ),
    ridge: new Float32Array(rows).fill(1),
    linearOffset: 0,
    steps: 0,
  };
}

/** Work that takes seconds: each step of each row costs factors². */
function longArgs(): IalsSolveArgs {
  return { ...ialsArgs(2000, 100, 300), steps: 100000 };
}

async function withKernels(
  threads: number,
  body: (kernels: Kernels) => Promise<void>,
): Promise<void> {
  const kernels = await createKernels({ threads });
  try {
    await body(kernels);
  } finally {
    kernels.close();
  }
}

Deno.test("createKernels() gives the same bits for any number of threads, call after call", async () => {
  const random = createRandom(1);
  const matrix = randomCsr(random, 300, 200, 0.1);
  const wide = randomCsr(random, 300, 500, 0.1);
  const factors = randomFloats(random, 3000 * 20);
  const results: unknown[] = [];
  for (const threads of [1, 2, 5]) {
    await withKernels(threads, async (kernels) => {
      for (let repeat = 0; repeat < 3; repeat++) {
        const args = ialsArgs(100, 80, 20);
        await kernels.ialsSolve(args);
        const tiles = kernels.symmetricTiles(500);
        await kernels.gramTiles(wide, tiles);
        for (let row = 0; row < 500; row++) tiles.addToDiagonal(row, 20);
        await kernels.invertPositiveDefinite(tiles);
        results.push([
          args.solved,
          await kernels.largestPerRow(tiles, new Float32Array(500).fill(2), 40),
          await kernels.multiply({
            left: factors,
            right: factors.subarray(0, 20 * 300),
            rows: 3000,
            depth: 20,
            columns: 300,
          }),
          await kernels.gram(factors, 3000, 20, 0.5),
          await kernels.similarityTopK({
            left: transpose(matrix),
            right: matrix,
            rowNorm: new Float32Array(200).fill(1),
            colNorm: new Float32Array(200).fill(1.5),
            shrinkage: 1,
            topK: 7,
          }),
        ]);
        kernels.releaseTiles(tiles);
      }
    });
  }
  for (const result of results) assertEquals(result, results[0]);
});

Deno.test("calls in flight at the same time do not disturb each other", async () => {
  await withKernels(2, async (kernels) => {
    const random = createRandom(4);
    await Promise.all(Array.from({ length: 60 }, async (_, n) => {
      const k = 1 + n % 7;
      const factors = randomFloats(random, 50 * k);
      const gram = await kernels.gram(factors, 50, k, 1);
      let first = 0;
      for (let row = 0; row < 50; row++) first += factors[row * k]! ** 2;
      assertAlmostEquals(gram[0]!, first, 1e-3);
    }));
  });
});

Deno.test("arrays in kernel memory are used in place, with the same result", async () => {
  await withKernels(2, async (kernels) => {
    const args = ialsArgs(40, 30, 12);
    const solved = kernels.memory.f32(args.solved.length);
    solved.set(args.solved);
    const matrix = kernels.share(args.matrix);
    await kernels.ialsSolve(args);
    await kernels.ialsSolve({ ...args, matrix, solved });
    assertEquals([...solved], [...args.solved]);
    kernels.release(matrix);
  });
});

Deno.test("what a call borrows from kernel memory is given back, aborted or not", async () => {
  await withKernels(2, async (kernels) => {
    const probe = kernels.memory.f32(1 << 18);
    kernels.memory.free(probe);
    for (let repeat = 0; repeat < 3; repeat++) {
      await kernels.ialsSolve(ialsArgs(40, 30, 12));
      const signal = AbortSignal.timeout(20);
      await kernels.ialsSolve(longArgs(), signal).catch(() => {});
      const again = kernels.memory.f32(1 << 18);
      assertEquals(again.byteOffset, probe.byteOffset);
      kernels.memory.free(again);
    }
  });
});

Deno.test("an abort ends the call with the signal's reason, and the kernels go on working", async () => {
  await withKernels(2, async (kernels) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const running = kernels.ialsSolve(longArgs(), controller.signal);
    const queued = kernels.ialsSolve(longArgs(), controller.signal);
    const other = kernels.gram(Float32Array.of(3), 1, 1, 1);
    setTimeout(() => controller.abort(reason), 30);
    assertEquals(await Promise.allSettled([running, queued, other]), [
      { status: "rejected", reason },
      { status: "rejected", reason },
      { status: "fulfilled", value: Float32Array.of(9) },
    ]);
    assertStrictEquals(
      await kernels.ialsSolve(ialsArgs(3, 3, 3), controller.signal)
        .catch((e) => e),
      reason,
    );
  });
});

Deno.test("close() rejects calls in flight and later ones", async () => {
  const kernels = await createKernels({ threads: 2 });
  const running = kernels.ialsSolve(longArgs());
  const queued = kernels.ialsSolve(longArgs());
  setTimeout(() => kernels.close(), 30);
  for (const call of [running, queued]) {
    await assertRejects(() => call, Error, "The kernels were closed");
  }
  await assertRejects(
    () => kernels.gram(Float32Array.of(3), 1, 1, 1),
    Error,
    "The kernels were closed",
  );
  kernels.close();
});

Deno.test("a worker that fails rejects the call with what went wrong", async () => {
  await withKernels(2, async (kernels) => {
    const matrix = kernels.share(ialsArgs(20, 20, 8).matrix);
    // An index that lies about its matrix after it was checked leads the kernel out of its memory.
    matrix.indices.fill(0x07000000);
    await assertRejects(
      () => kernels.ialsSolve({ ...ialsArgs(20, 20, 8), matrix }),
      Error,
      "A kernel worker failed: RuntimeError: memory access out of bounds",
    );
  });
});

Deno.test("malformed matrices are refused before a kernel sees them", async () => {
  await withKernels(1, async (kernels) => {
    const args = ialsArgs(2, 4, 2);
    const matrix = (indptr: number[], indices: number[]) => ({
      rows: 2,
      cols: 4,
      indptr: Uint32Array.from(indptr),
      indices: Uint32Array.from(indices),
      values: new Float32Array(indices.length),
    });
    for (
      const [malformed, message] of [
        [matrix([0, 1, 2], [0, 4]), "Column 0 in row 1 of matrix is 4"],
        [matrix([0, 2, 2], [1, 1]), "Column 1 in row 0 of matrix is 1"],
        [matrix([0, 2, 1], [1]), "matrix.indptr[2] is 1, must be at least 2"],
        [matrix([1, 1, 1], [1]), "matrix.indptr[0] is 1, must be 0"],
        [matrix([0, 1, 2], [1]), "Length of matrix.indices is 1, must be 2"],
      ] as const
    ) {
      await assertRejects(
        () => kernels.ialsSolve({ ...args, matrix: malformed }),
        RangeError,
        message,
      );
    }
  });
});

const FOLDER = fromFileUrl(new URL("../../../core/kernels", import.meta.url));
const SCRIPT = `
  import { createKernels } from "./core/kernels/create_kernels.ts";
  const kernels = await createKernels({ threads: 2 });
  console.log((await kernels.gram(Float32Array.of(3), 1, 1, 1))[0]);
  kernels.close();
`;

Deno.test("kernels need no permission but to read their folder, and a process ends after close()", async () => {
  const { code, stdout, stderr } = await runScript(SCRIPT, [
    `--allow-read=${FOLDER}`,
  ]);
  assertEquals([code, stdout, stderr], [0, "9\n", ""]);
});

Deno.test("createKernels() is rejected when workers may not be read", async () => {
  const { code, stderr } = await runScript(SCRIPT, []);
  assertEquals(code, 1);
  assert(/Requires read access to/.test(stderr), stderr);
});
