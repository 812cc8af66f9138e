import { assertEquals, assertRejects } from "@std/assert";
import { SILENT } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import { startKernels } from "../../train/start_kernels.ts";

const NO_GPU = { gpu: { requestAdapter: () => Promise.resolve(null) } };

Deno.test("startKernels() refuses device gpu where there is none, as a failure of training", async () => {
  const error = await assertRejects(
    () => startKernels({ device: "gpu" }, SILENT, NO_GPU),
    RecotemError,
    "No GPU was found; install its driver (on Linux that of Vulkan), or set training.device to cpu or auto",
  );
  assertEquals([error.code, error.exitCode], ["training_error", 4]);
});

Deno.test("startKernels() takes the processor for device auto where there is no GPU, and says why", async () => {
  const told: unknown[] = [];
  const events = {
    ...SILENT,
    info: (event: string, fields?: unknown) => told.push([event, fields]),
  };
  const kernels = await startKernels({ device: "auto" }, events, NO_GPU);
  assertEquals(kernels.engine, "wasm-simd-relaxed");
  kernels.close();
  assertEquals(told, [["gpu_not_used", { reason: "No GPU was found" }]]);
});

Deno.test("startKernels() asks for no GPU for device cpu", async () => {
  let asked = 0;
  const gpu = { requestAdapter: () => Promise.resolve(asked++ as never) };
  const kernels = await startKernels({ device: "cpu" }, SILENT, { gpu });
  kernels.close();
  assertEquals(asked, 0);
});
