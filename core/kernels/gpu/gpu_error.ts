/** No GPU can be used, or the one in use failed. The message says what to do. */
export class GpuError extends Error {
  /** `GpuError`. */
  override readonly name = "GpuError";
}
