/** One test for every implementation of the kernels. */
import { createKernels } from "../../../core/kernels/create_kernels.ts";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import { GpuError } from "../../../core/kernels/gpu/gpu_error.ts";
import type { Kernels } from "../../../core/kernels/kernels.ts";

type Implementations = Readonly<
  Record<string, () => Kernels | Promise<Kernels>>
>;

const IMPLEMENTATIONS: Implementations = {
  "plain TypeScript": createReferenceKernels,
  "WebAssembly, 1 thread": () => createKernels({ threads: 1 }),
  "WebAssembly, 3 threads": () => createKernels({ threads: 3 }),
  "WebAssembly, strict": () =>
    createKernels({ threads: 2, arithmetic: "strict" }),
};

/** Those, and the one on a GPU. */
export const WITH_GPU: Implementations = {
  ...IMPLEMENTATIONS,
  "WebAssembly and WebGPU": () => createKernels({ threads: 1, device: "gpu" }),
};

/**
 * Registers a test per implementation; its kernels are closed afterwards. Where there is no GPU its test says so and
 * ends.
 */
export function testEach(
  title: string,
  body: (kernels: Kernels) => Promise<void>,
  implementations: Implementations = IMPLEMENTATIONS,
): void {
  for (const [name, start] of Object.entries(implementations)) {
    Deno.test(`${title}: ${name}`, async (t) => {
      let kernels: Kernels;
      try {
        kernels = await start();
      } catch (error) {
        if (!(error instanceof GpuError)) throw error;
        await t.step({ name: error.message, ignore: true, fn() {} });
        return;
      }
      try {
        await body(kernels);
      } finally {
        kernels.close();
      }
    });
  }
}
