import { createKernels } from "../../../core/kernels/create_kernels.ts";
import { assertEquals } from "@std/assert";
import { testKernels } from "./kernels_suite.ts";

testKernels("createKernels()", () => createKernels({ threads: 2 }));
testKernels(
  "createKernels() with one thread",
  () => createKernels({ threads: 1 }),
);
testKernels(
  "createKernels() with strict arithmetic",
  () => createKernels({ threads: 2, arithmetic: "strict" }),
);

Deno.test("createKernels() says which build it started", async () => {
  for (
    const [arithmetic, engine] of [
      ["fast", "wasm-simd-relaxed"],
      ["strict", "wasm-simd-strict"],
    ] as const
  ) {
    const kernels = await createKernels({ threads: 1, arithmetic });
    kernels.close();
    assertEquals(kernels.engine, engine);
  }
});
