import type { Events } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import {
  createKernels,
  type KernelsOptions,
} from "../core/kernels/create_kernels.ts";
import { GpuError } from "../core/kernels/gpu/gpu_error.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { Training } from "../core/recipe/recipe.ts";

/**
 * Starts the kernels on the device that a recipe asks for, and tells when `auto` comes to be the processor.
 *
 * @throws {RecotemError} `training_error` when the recipe asks for a GPU that cannot be used.
 */
export async function startKernels(
  { device }: Pick<Training, "device">,
  events: Events,
  options: Pick<KernelsOptions, "gpu"> = {},
): Promise<Kernels> {
  try {
    return await createKernels({
      ...options,
      device,
      onNoGpu: (reason) => events.info("gpu_not_used", { reason }),
    });
  } catch (cause) {
    if (!(cause instanceof GpuError)) throw cause;
    throw new RecotemError("training_error", cause.message, { cause });
  }
}
