import { checkCsr, checkTiles } from "../check.ts";
import type { TriangleKernels } from "../triangle_kernels.ts";
import type { Device } from "./device.ts";
import { gramTiles } from "./gram_tiles.ts";
import { invertPositiveDefinite } from "./invert_positive_definite.ts";

/**
 * Kernels for symmetric matrices on a GPU, as far as they are worth the way there. Calls run one after the other: each
 * may need all of the device's memory.
 */
export function createTriangleKernels(
  device: Device,
): Pick<TriangleKernels, "gramTiles" | "invertPositiveDefinite"> {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn(call: () => Promise<void>): Promise<void> {
    const result = last.then(call);
    last = result.catch(() => {});
    return result;
  }
  return {
    gramTiles(matrix, tiles, signal) {
      return inTurn(async () => {
        checkCsr("matrix", matrix);
        checkTiles(matrix, tiles);
        await gramTiles(device, matrix, tiles, signal);
      });
    },
    invertPositiveDefinite(tiles, signal) {
      return inTurn(() => invertPositiveDefinite(device, tiles, { signal }));
    },
  };
}
