/**
 * What single kernels take.
 *
 * @module
 */
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import { KernelMemory } from "../../core/kernels/kernel_memory.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { SymmetricTiles } from "../../core/kernels/symmetric_tiles.ts";
import type { TriangleKernels } from "../../core/kernels/triangle_kernels.ts";
import { createTriangleKernels } from "../../core/kernels/wasm/create_triangle_kernels.ts";
import {
  type Arithmetic,
  kernelModule,
} from "../../core/kernels/wasm/kernel_module.ts";
import { Loan } from "../../core/kernels/wasm/loan.ts";
import { Sweep } from "../../core/kernels/wasm/sweep.ts";
import { TileTable } from "../../core/kernels/wasm/tile_table.ts";
import { WorkerPool } from "../../core/kernels/wasm/worker_pool.ts";
import { best, type Spent } from "./spent.ts";

/** Sizes of what is measured. */
export interface Sizes {
  /** Rows, columns and depth of products. */
  readonly product: readonly number[];
  /** Rows of inverses. */
  readonly inverse: readonly number[];
  /** Rows of the triangular factor, as many as the inverse takes at a time. */
  readonly side: number;
  readonly users: number;
  readonly items: number;
  readonly factors: number;
}

/** One figure: `work` is the operations of a run. */
export interface Figure {
  readonly what: string;
  readonly size: number;
  readonly work: number;
  readonly unit: "GFLOP/s" | "GMAC/s";
  readonly spent: Spent;
}

/** Conjugate-gradient steps. */
const STEPS = 3;
const LISTED = 20;

/** Measures all kernels of one build on a number of threads. */
export async function measure(
  threads: number,
  arithmetic: Arithmetic,
  matrix: Csr,
  sizes: Sizes,
): Promise<Figure[]> {
  const kernels = await createKernels({ threads, arithmetic });
  const figures = [
    ...await measureProducts(kernels, sizes),
    ...await measureTriangles(threads, arithmetic, sizes),
    ...await measureInverses(kernels, sizes),
    ...await measureSparse(kernels, matrix, sizes),
  ];
  kernels.close();
  return figures;
}

/** `gram` is the product of a matrix with its transpose, of which half is worked out. */
async function measureProducts(
  { memory, ...kernels }: Kernels,
  { product }: Sizes,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const random = createRandom(2);
  for (const n of product) {
    const [left, right] = [memory.f32(n * n), memory.f32(n * n)];
    for (const x of [left, right]) x.forEach((_, at) => x[at] = random.float());
    const shape = { rows: n, columns: n, depth: n };
    figures.push({
      what: "gemm",
      size: n,
      work: 2 * n ** 3,
      unit: "GFLOP/s",
      spent: await best(() => kernels.multiply({ left, right, ...shape }), 6),
    }, {
      what: "syrk",
      size: n,
      work: n ** 3,
      unit: "GFLOP/s",
      spent: await best(() => kernels.gram(left, n, n, 1), 6),
    });
    memory.free(left, right);
  }
  return figures;
}

/** What the inverse does to a column of tiles: it is multiplied twice by a triangular factor of the pivot. */
async function measureTriangles(
  threads: number,
  arithmetic: Arithmetic,
  { inverse }: Sizes,
): Promise<Figure[]> {
  const memory = new KernelMemory();
  const module = kernelModule(arithmetic);
  const pool = await WorkerPool.start(memory, module, threads);
  const engine = { memory, pool };
  const kernels = createTriangleKernels(engine);
  const figures: Figure[] = [];
  for (const n of inverse) {
    using loan = new Loan(memory);
    const tiles = kernels.symmetricTiles(n);
    const sweep = new Sweep(engine, new TileTable(memory, loan, tiles));
    const area = loan.take(sweep.areaBytes);
    const refill = filler(tiles);
    refill();
    await sweep.pivot(0, area);
    figures.push({
      what: "triangular product",
      size: n,
      work: 2 * (n - tiles.tileSize) * tiles.tileSize ** 2,
      unit: "GFLOP/s",
      spent: await best(() => sweep.panel(0, area), 12, refill),
    });
    kernels.releaseTiles(tiles);
  }
  pool.close();
  return figures;
}

async function measureInverses(
  kernels: TriangleKernels,
  { inverse }: Sizes,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const n of inverse) {
    const tiles = kernels.symmetricTiles(n);
    figures.push({
      what: "inverse",
      size: n,
      work: n ** 3,
      unit: "GFLOP/s",
      spent: await best(
        () => kernels.invertPositiveDefinite(tiles),
        4,
        filler(tiles),
      ),
    });
    kernels.releaseTiles(tiles);
  }
  return figures;
}

/** Fills in the same positive definite matrix again and again. */
function filler(tiles: SymmetricTiles): () => void {
  const random = createRandom(3);
  const given = tiles.tiles().map((tile) => tile.map(() => random.float()));
  return () => {
    for (const [at, tile] of tiles.tiles().entries()) tile.set(given[at]!);
    for (let row = 0; row < tiles.n; row++) tiles.addToDiagonal(row, tiles.n);
  };
}

async function measureSparse(
  kernels: Kernels,
  matrix: Csr,
  { users, items, factors }: Sizes,
): Promise<Figure[]> {
  const { memory } = kernels;
  const shared = kernels.share(matrix);
  const random = createRandom(4);
  const fixed = memory.f32(items * factors);
  fixed.forEach((_, at) => fixed[at] = random.normal() / 10);
  const weights = memory.f32(items * items);
  weights.forEach((_, at) => weights[at] = random.float());
  const solved = memory.f32(users * factors);
  const tiles = kernels.symmetricTiles(items);
  const ridge = new Float32Array(users).fill(0.1);
  const gram = await kernels.gram(fixed, items, factors, 0.1);
  const entries = matrix.indices.length;
  let squares = 0;
  for (let user = 0; user < users; user++) {
    squares += (matrix.indptr[user + 1]! - matrix.indptr[user]!) ** 2;
  }
  const everyone = Uint32Array.from({ length: users }, (_, user) => user);
  const figures: Figure[] = [{
    what: "sparse Gram",
    size: items,
    // Of both triangles, of which one is worked out.
    work: squares,
    unit: "GMAC/s",
    spent: await best(() => kernels.gramTiles(shared, tiles), 6),
  }, {
    what: "sparse × dense",
    size: factors,
    work: entries * factors,
    unit: "GMAC/s",
    spent: await best(
      () => kernels.sparseTimesDense(shared, fixed, factors),
      6,
    ),
  }, {
    what: "ranking by dense weights",
    size: items,
    work: entries * items,
    unit: "GMAC/s",
    spent: await best(
      () =>
        kernels.rankDense(shared, weights, {
          users: everyone,
          seen: shared,
          k: LISTED,
        }),
      3,
    ),
  }, {
    what: `iALS, ${STEPS} steps`,
    size: factors,
    // A product with the Gram matrix and two with the row's factors, in each step and before the first.
    work: (STEPS + 1) * (2 * users * factors ** 2 + 4 * entries * factors),
    unit: "GFLOP/s",
    spent: await best(
      () =>
        kernels.ialsSolve({
          matrix: shared,
          fixed,
          solved,
          factors,
          gram,
          ridge,
          linearOffset: 0.1,
          steps: STEPS,
        }),
      4,
      () => solved.fill(0),
    ),
  }];
  kernels.releaseTiles(tiles);
  memory.free(fixed, solved, weights);
  kernels.release(shared);
  return figures;
}
