import { KERNELS_WASM } from "../kernels_wasm.ts";
import { STRICT_KERNELS_WASM } from "../strict_kernels_wasm.ts";

/** Which build of the kernels: as fast as the processor can, or the same bits on every machine. */
export type Arithmetic = "fast" | "strict";

const compiled = new Map<Arithmetic, WebAssembly.Module>();

/** The compiled kernels; compiled at the first call, a few milliseconds, and shared by all who ask. */
export function kernelModule(arithmetic: Arithmetic): WebAssembly.Module {
  let module = compiled.get(arithmetic);
  if (module === undefined) {
    const text = arithmetic === "strict" ? STRICT_KERNELS_WASM : KERNELS_WASM;
    module = new WebAssembly.Module(Uint8Array.fromBase64(text));
    compiled.set(arithmetic, module);
  }
  return module;
}
