/** Tests that need a GPU, real or in software. */
import { assertEquals } from "@std/assert";
import {
  Device,
  type DeviceOptions,
} from "../../../../core/kernels/gpu/device.ts";
import { GpuError } from "../../../../core/kernels/gpu/gpu_error.ts";

/**
 * Registers a test on a device of its own, which must be left without buffers; where there is no GPU the test says so
 * and ends.
 */
export function testOnGpu(
  name: string,
  body: (device: Device) => Promise<void>,
  options: DeviceOptions = {},
): void {
  Deno.test(name, async (t) => {
    const device = await Device.open(options).catch((error: unknown) => {
      if (error instanceof GpuError) return error.message;
      throw error;
    });
    if (typeof device === "string") {
      await t.step({ name: device, ignore: true, fn() {} });
      return;
    }
    try {
      await body(device);
      assertEquals(device.usedBytes, 0);
    } finally {
      device.close();
    }
  });
}
