/** One test for every implementation of the kernels. */
import { createKernels } from "../../../core/kernels/create_kernels.ts";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import type { Kernels } from "../../../core/kernels/kernels.ts";

const IMPLEMENTATIONS: Readonly<
  Record<string, () => Kernels | Promise<Kernels>>
> = {
  "plain TypeScript": createReferenceKernels,
  "WebAssembly, 1 thread": () => createKernels({ threads: 1 }),
  "WebAssembly, 3 threads": () => createKernels({ threads: 3 }),
};

/** Registers a test per implementation; its kernels are closed afterwards. */
export function testEach(
  title: string,
  body: (kernels: Kernels) => Promise<void>,
): void {
  for (const [name, start] of Object.entries(IMPLEMENTATIONS)) {
    Deno.test(`${title}: ${name}`, async () => {
      const kernels = await start();
      try {
        await body(kernels);
      } finally {
        kernels.close();
      }
    });
  }
}
