import { Device, type DeviceOptions } from "./device.ts";
import { GpuError } from "./gpu_error.ts";

/** Where dense matrices may be computed. */
export interface DeviceChoice extends Pick<DeviceOptions, "gpu"> {
  /** On the processor, on the GPU, or on the GPU where there is one that is not software. Default: `cpu`. */
  readonly device?: "auto" | "cpu" | "gpu";
  /** Called with the reason when `auto` comes to be the processor. */
  onNoGpu?(reason: string): void;
}

/**
 * The GPU to compute on, or null for the processor.
 *
 * @throws {GpuError} If `device` is `gpu` and none can be opened.
 */
export async function chooseDevice(
  { device = "cpu", onNoGpu, ...options }: DeviceChoice,
): Promise<Device | null> {
  if (device === "cpu") return null;
  try {
    return await Device.open({ ...options, hardwareOnly: device === "auto" });
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    if (device === "gpu") {
      throw new GpuError(
        `${error.message}; install its driver (on Linux that of Vulkan), or set training.device to cpu or auto`,
        { cause: error },
      );
    }
    onNoGpu?.(error.message);
    return null;
  }
}
