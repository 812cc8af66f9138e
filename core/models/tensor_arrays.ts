import type { Dtype, Tensor } from "./model.ts";

/** Makes views of elements. */
interface TensorArray {
  new (
    buffer: ArrayBufferLike,
    byteOffset: number,
    length: number,
  ): Tensor["data"];
  readonly BYTES_PER_ELEMENT: number;
}

/** What holds the elements of each type. */
export const TENSOR_ARRAYS: Readonly<Record<Dtype, TensorArray>> = {
  f16: Float16Array,
  f32: Float32Array,
  f64: Float64Array,
  i8: Int8Array,
  u32: Uint32Array,
  u8: Uint8Array,
};
