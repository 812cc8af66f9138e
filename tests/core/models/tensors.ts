/** Tensors for the tests of models, and what every model must refuse about them. */
import { assertThrows } from "@std/assert";
import type { NamedTensors, Tensor } from "../../../core/models/model.ts";

/** A tensor of 32-bit floats; a vector unless a shape is given. */
export function f32(
  data: readonly number[],
  shape: readonly number[] = [data.length],
): Tensor {
  return { dtype: "f32", shape, data: Float32Array.from(data) };
}

/** A vector of 64-bit floats. */
export function f64(...data: readonly number[]): Tensor {
  return { dtype: "f64", shape: [data.length], data: Float64Array.from(data) };
}

/** A vector of 32-bit unsigned integers. */
export function u32(...data: readonly number[]): Tensor {
  return { dtype: "u32", shape: [data.length], data: Uint32Array.from(data) };
}

/**
 * Asserts that `load` takes `good` and refuses each of its tensors when that is missing, of another type or shape, or
 * has a float that is not finite, and any tensor beside them.
 */
export function assertFormChecked(
  load: (tensors: NamedTensors) => unknown,
  good: NamedTensors,
  unknownName = "surplus",
): void {
  load(good);
  function refuses(
    tensors: NamedTensors,
    error: typeof TypeError | typeof RangeError,
    message: string,
  ): void {
    assertThrows(() => load(tensors), error, message);
  }
  refuses({ ...good, [unknownName]: f32([]) }, TypeError, "unknown tensor");
  for (const [name, tensor] of Object.entries(good)) {
    const { [name]: _, ...rest } = good;
    const local = name.slice(name.indexOf(".") + 1);
    const { dtype, shape, data } = tensor;
    refuses(rest, TypeError, `no tensor "${local}"`);
    const other = dtype === "f32" ? f64(...data) : f32([...data], [...shape]);
    // The type that is stated and that of the elements are two things.
    for (
      const wrong of [
        other,
        { ...tensor, dtype: other.dtype },
        { ...tensor, data: other.data },
      ]
    ) refuses({ ...good, [name]: wrong }, TypeError, `must be ${dtype}`);
    for (const wrong of [[...shape, 1], [shape[0]! + 1, ...shape.slice(1)]]) {
      const reshaped = { ...tensor, shape: wrong };
      refuses({ ...good, [name]: reshaped }, RangeError, "must have shape");
    }
    if (dtype !== "f32" && dtype !== "f64") continue;
    for (const number of [NaN, Infinity, -Infinity]) {
      const spoilt = data.slice();
      spoilt[spoilt.length - 1] = number;
      const wrong = { ...tensor, data: spoilt };
      refuses({ ...good, [name]: wrong }, RangeError, "must be finite");
    }
  }
}
