import type { Events } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import { Device, type DeviceOptions } from "../core/kernels/gpu/device.ts";
import { GpuError } from "../core/kernels/gpu/gpu_error.ts";
import type { Training } from "../core/recipe/recipe.ts";

/**
 * Where dense matrices are computed: what the recipe says, and for `auto` the GPU if there is one that is not software.
 * Tells why `auto` comes to be the processor.
 *
 * @throws {RecotemError} `training_error` when the recipe says `gpu` and none can be used.
 */
export async function chooseDevice(
  { device }: Pick<Training, "device">,
  events: Events,
  options: Pick<DeviceOptions, "gpu"> = {},
): Promise<"cpu" | "gpu"> {
  if (device === "cpu") return "cpu";
  try {
    const opened = await Device.open({
      ...options,
      hardwareOnly: device === "auto",
    });
    opened.close();
    return "gpu";
  } catch (cause) {
    if (!(cause instanceof GpuError)) throw cause;
    if (device === "gpu") {
      throw new RecotemError(
        "training_error",
        `${cause.message}; install its driver (on Linux that of Vulkan), or set training.device to cpu or auto`,
        { cause },
      );
    }
    events.info("gpu_not_used", { reason: cause.message });
    return "cpu";
  }
}
