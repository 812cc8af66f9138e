import {
  checkCount,
  checkCsr,
  checkGram,
  checkIals,
  checkRankFactors,
  checkRankSparse,
  checkSimilarity,
} from "./check.ts";
import { createTriangleKernels as createGpuTriangleKernels } from "./gpu/create_triangle_kernels.ts";
import { Device } from "./gpu/device.ts";
import { KernelMemory } from "./kernel_memory.ts";
import type { Kernels } from "./kernels.ts";
import { createDenseKernels } from "./wasm/create_dense_kernels.ts";
import { createLearningKernels } from "./wasm/create_learning_kernels.ts";
import type { Engine } from "./wasm/engine.ts";
import { gram } from "./wasm/gram.ts";
import { ialsSolve } from "./wasm/ials_solve.ts";
import { kernelModule } from "./wasm/kernel_module.ts";
import { rankFactors, rankSparse } from "./wasm/rank.ts";
import { similarityTopK } from "./wasm/similarity_top_k.ts";
import { createTriangleKernels } from "./wasm/create_triangle_kernels.ts";
import { WorkerPool } from "./wasm/worker_pool.ts";

/** Options of {@linkcode createKernels}. */
export interface KernelsOptions {
  /** Number of workers. Default: as many as the machine has processors. */
  readonly threads?: number;
  /**
   * `fast` (default): multiply-adds are rounded as the processor does it, mostly once. `strict`: rounded twice, which
   * gives the same bits on every machine, at about three quarters of the speed in dense products.
   */
  readonly arithmetic?: "fast" | "strict";
  /** Where Gram matrix and inverse of {@linkcode TriangleKernels} are computed. Default: `cpu`; a GPU has an arithmetic of its own. */
  readonly device?: "cpu" | "gpu";
}

/**
 * Starts kernels in WebAssembly SIMD on a pool of workers over one shared memory of at most 4 GiB, some of them on a GPU
 * if asked for. Sums are taken in single precision; results do not depend on the number of workers. End them with
 * {@linkcode Kernels.close}: until then they keep the process alive.
 *
 * Permissions: read on this folder; none for the GPU.
 *
 * @throws {RangeError} If `threads` is not a positive integer.
 * @throws {GpuError} If `device` is `gpu` and none can be opened.
 * @throws {Error} If a worker cannot start.
 *
 * @example Multiply factors with themselves
 * ```ts
 * import { createKernels } from "./create_kernels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const kernels = await createKernels({ threads: 1 });
 * const gram = await kernels.gram(Float32Array.of(1, 2), 1, 2, 1);
 * assertEquals(gram, Float32Array.of(1, 2, 2, 4));
 * kernels.close();
 * ```
 */
export async function createKernels(
  {
    threads = navigator.hardwareConcurrency,
    arithmetic = "fast",
    device = "cpu",
  }: KernelsOptions = {},
): Promise<Kernels> {
  checkCount("Number of threads", threads, 1);
  const gpu = device === "gpu" ? await Device.open() : null;
  const memory = new KernelMemory();
  const module = kernelModule(arithmetic);
  const pool = await WorkerPool.start(memory, module, threads).catch(
    (error) => {
      gpu?.close();
      throw error;
    },
  );
  const engine: Engine = { memory, pool };
  return {
    ...createDenseKernels(engine),
    ...createLearningKernels(engine),
    ...createTriangleKernels(engine),
    ...(gpu && createGpuTriangleKernels(gpu)),
    threads,
    engine: `wasm-simd-${arithmetic === "strict" ? "strict" : "relaxed"}${
      gpu ? "+webgpu" : ""
    }`,
    memory,
    share(matrix) {
      checkCsr("matrix", matrix);
      const indptr = memory.u32(matrix.indptr.length);
      const indices = memory.u32(matrix.indices.length);
      const values = memory.f32(matrix.values.length);
      indptr.set(matrix.indptr);
      indices.set(matrix.indices);
      values.set(matrix.values);
      return { rows: matrix.rows, cols: matrix.cols, indptr, indices, values };
    },
    release({ indptr, indices, values }) {
      memory.free(indptr, indices, values);
    },
    async similarityTopK(args, signal) {
      checkSimilarity(args);
      return await similarityTopK(engine, args, signal);
    },
    async gram(factors, rows, k, scale) {
      checkGram(factors, rows, k);
      return await gram(engine, factors, rows, k, scale);
    },
    async ialsSolve(args, signal) {
      checkIals(args);
      await ialsSolve(engine, args, signal);
    },
    async rankSparse(histories, weights, args, signal) {
      checkRankSparse(histories, weights, args);
      return await rankSparse(engine, histories, weights, args, signal);
    },
    async rankFactors(factors, args, signal) {
      checkRankFactors(factors, args);
      return await rankFactors(engine, factors, args, signal);
    },
    close() {
      pool.close();
      gpu?.close();
    },
  };
}
