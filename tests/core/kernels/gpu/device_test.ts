import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Device } from "../../../../core/kernels/gpu/device.ts";
import { GpuError } from "../../../../core/kernels/gpu/gpu_error.ts";
import { runScript } from "../../run_script.ts";
import { testOnGpu } from "./on_gpu.ts";

Deno.test("Device.open() refuses where there is no adapter", async () => {
  await assertRejects(
    () => Device.open({ gpu: { requestAdapter: () => Promise.resolve(null) } }),
    GpuError,
    "No GPU was found",
  );
});

testOnGpu(
  "Device.open() with hardwareOnly refuses software and nothing else",
  async (device) => {
    const software = device.gpu.adapterInfo.isFallbackAdapter;
    const opened = Device.open({ hardwareOnly: true });
    if (software) {
      await assertRejects(() => opened, GpuError, "but one in software");
    } else (await opened).close();
  },
);

Deno.test("Device.open() refuses OpenGL, which is found where there is no driver of Vulkan", async (t) => {
  if (Deno.build.os !== "linux") {
    await t.step({ name: "there is no OpenGL", ignore: true, fn() {} });
    return;
  }
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { Device } from "${
        import.meta.resolve("../../../../core/kernels/gpu/device.ts")
      }"; await Device.open();`,
    ],
    env: { NO_COLOR: "1", VK_DRIVER_FILES: "/none", VK_ICD_FILENAMES: "/none" },
  }).output();
  assertStringIncludes(
    new TextDecoder().decode(stderr),
    "GpuError: No GPU was found",
  );
});

testOnGpu("Device tells a command that the GPU refuses", async (device) => {
  device.gpu.createBuffer({ size: 4, usage: 0xffff });
  const error = await assertRejects(async () => {
    for (;;) {
      await device.pace();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }, GpuError);
  assertStringIncludes(error.message, "refused a command");
  assertEquals(error.message.includes("\n"), false);
});

testOnGpu("Device gives no more buffers than memoryBytes", async (device) => {
  const usage = GPUBufferUsage.STORAGE;
  const first = await device.bufferIfRoom(600, usage);
  assertEquals(await device.bufferIfRoom(600, usage), null);
  device.destroy(first!);
  const second = await device.bufferIfRoom(1000, usage);
  assertEquals(device.usedBytes, 1000);
  device.destroy(second!, second!);
}, { memoryBytes: 1000 });

testOnGpu(
  "Device ends what is being waited for when it is closed",
  async (device) => {
    const waiting = device.wait(new Promise(() => {}));
    device.close();
    await assertRejects(() => waiting, Error, "The kernels were closed");
    await assertRejects(() => device.settle(), Error, "closed");
  },
);

testOnGpu("Device.open() needs no permission", async () => {
  const { code, stdout, stderr } = await runScript(
    `
      import { Device } from "./core/kernels/gpu/device.ts";
      using device = await Device.open();
      await device.settle();
      console.log("open");
    `,
    [],
  );
  assertEquals({ code, stdout }, { code: 0, stdout: "open\n" }, stderr);
});
