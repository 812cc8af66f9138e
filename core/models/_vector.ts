import type { Dtype, Tensor } from "./model.ts";

/** A one-dimensional tensor that shares `data`. */
export function vector(data: Tensor["data"]): Tensor {
  return { dtype: dtypeOf(data), shape: [data.length], data };
}

function dtypeOf(data: Tensor["data"]): Dtype {
  if (data instanceof Float32Array) return "f32";
  if (data instanceof Float64Array) return "f64";
  return data instanceof Uint32Array ? "u32" : "u8";
}
