import type { Dtype, Tensor } from "./model.ts";

/** A one-dimensional tensor that shares `data`. */
export function vector(data: Tensor["data"]): Tensor {
  return { dtype: dtypeOf(data), shape: [data.length], data };
}

const DTYPES: readonly (readonly [
  Dtype,
  new (length: number) => Tensor["data"],
])[] = [
  ["f16", Float16Array],
  ["f32", Float32Array],
  ["f64", Float64Array],
  ["i8", Int8Array],
  ["u32", Uint32Array],
  ["u8", Uint8Array],
];

function dtypeOf(data: Tensor["data"]): Dtype {
  return DTYPES.find(([, array]) => data instanceof array)![0];
}
