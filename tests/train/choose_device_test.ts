import { assertEquals, assertRejects } from "@std/assert";
import { SILENT } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import { chooseDevice } from "../../train/choose_device.ts";

const NO_GPU = { gpu: { requestAdapter: () => Promise.resolve(null) } };

Deno.test("chooseDevice() refuses device gpu where there is none, as a failure of training", async () => {
  const error = await assertRejects(
    () => chooseDevice({ device: "gpu" }, SILENT, NO_GPU),
    RecotemError,
    "No GPU was found; install its driver (on Linux that of Vulkan), or set training.device to cpu or auto",
  );
  assertEquals([error.code, error.exitCode], ["training_error", 4]);
});

Deno.test("chooseDevice() takes the processor for auto where there is no GPU, and says why", async () => {
  const told: unknown[] = [];
  const events = {
    ...SILENT,
    info: (event: string, fields?: unknown) => told.push([event, fields]),
  };
  assertEquals(await chooseDevice({ device: "auto" }, events, NO_GPU), "cpu");
  assertEquals(told, [["gpu_not_used", { reason: "No GPU was found" }]]);
});

Deno.test("chooseDevice() asks for no GPU when told cpu", async () => {
  let asked = 0;
  const gpu = { requestAdapter: () => Promise.resolve(asked++ as never) };
  assertEquals(await chooseDevice({ device: "cpu" }, SILENT, { gpu }), "cpu");
  assertEquals(asked, 0);
});
