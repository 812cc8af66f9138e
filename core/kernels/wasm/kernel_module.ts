import { KERNELS_WASM } from "../kernels_wasm.ts";

let compiled: WebAssembly.Module | undefined;

/** The compiled kernels; compiled at the first call, a few milliseconds, and shared by all who ask. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(KERNELS_WASM));
  return compiled;
}
