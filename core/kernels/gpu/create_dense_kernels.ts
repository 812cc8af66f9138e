import type { Csr } from "../csr.ts";
import type { Device } from "./device.ts";
import { gemm, type GemmArgs } from "./gemm.ts";
import { gramTiles } from "./gram_tiles.ts";
import type { HostTiles } from "./host_tiles.ts";
import {
  type InvertOptions,
  invertPositiveDefinite,
} from "./invert_positive_definite.ts";

/** The kernels for dense matrices. */
export interface DenseKernels {
  /** See {@linkcode gemm}. */
  gemm(args: GemmArgs, signal?: AbortSignal): Promise<void>;
  /** See {@linkcode gramTiles}. */
  gramTiles(
    matrix: Csr,
    tiles: HostTiles,
    signal?: AbortSignal,
  ): Promise<void>;
  /** See {@linkcode invertPositiveDefinite}. */
  invertPositiveDefinite(
    tiles: HostTiles,
    options?: InvertOptions,
  ): Promise<void>;
}

/**
 * The kernels for dense matrices on a GPU. Calls run one after the other: each may need all of the device's memory.
 */
export function createDenseKernels(device: Device): DenseKernels {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(call: () => Promise<T>): Promise<T> {
    const result = last.then(call);
    last = result.catch(() => {});
    return result;
  }
  return {
    gemm: (args, signal) => inTurn(() => gemm(device, args, signal)),
    gramTiles: (matrix, tiles, signal) =>
      inTurn(() => gramTiles(device, matrix, tiles, signal)),
    invertPositiveDefinite: (tiles, options) =>
      inTurn(() => invertPositiveDefinite(device, tiles, options)),
  };
}
