import { refuseNotFinite } from "./_refuse_not_finite.ts";
import { TENSOR_ARRAYS } from "./tensor_arrays.ts";
import type { Dtype, NamedTensors, Tensor } from "./model.ts";

/** What holds the elements of each type. */
interface Arrays {
  readonly f16: Float16Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i8: Int8Array;
  readonly u32: Uint32Array;
  readonly u8: Uint8Array;
}

/**
 * Takes tensors that come from elsewhere one by one and checks the form of each; what nobody took is refused at the
 * end. So the calls between construction and {@linkcode TensorReader.end} are the allow-list.
 */
export class TensorReader {
  readonly #what: string;
  readonly #left: Map<string, Tensor>;

  /** Reads `tensors`, called `what` in messages. */
  constructor(what: string, tensors: NamedTensors) {
    this.#what = what;
    this.#left = new Map(Object.entries(tensors));
  }

  /** The type of a tensor, null when there is none. */
  dtype(name: string): Dtype | null {
    return this.#left.get(name)?.dtype ?? null;
  }

  /** Whether a tensor is there and not yet taken. */
  has(name: string): boolean {
    return this.#left.has(name);
  }

  /** Takes a vector, of `length` when given. */
  vector<D extends Dtype>(name: string, dtype: D, length?: number): Arrays[D] {
    return this.#take(name, dtype, [length]).data as Arrays[Dtype] as Arrays[D];
  }

  /** Takes a vector of finite 32-bit floats. Linear time. */
  finite(name: string, length?: number): Float32Array {
    const data = this.vector(name, "f32", length);
    refuseNotFinite(`${this.#what} tensor "${name}"`, data);
    return data;
  }

  /** Takes a matrix of finite 32-bit floats. Linear time. */
  matrix(
    name: string,
    rows: number,
    columns?: number,
  ): { readonly data: Float32Array; readonly columns: number } {
    const tensor = this.#take(name, "f32", [rows, columns]);
    const data = tensor.data as Float32Array;
    refuseNotFinite(`${this.#what} tensor "${name}"`, data);
    return { data, columns: tensor.shape[1]! };
  }

  /** Ends the reading; throws `TypeError` when a tensor was not taken. */
  end(): void {
    for (const name of this.#left.keys()) {
      throw new TypeError(`${this.#what} has an unknown tensor "${name}"`);
    }
  }

  /** An extent that is not given may be anything. */
  #take(
    name: string,
    dtype: Dtype,
    extents: readonly (number | undefined)[],
  ): Tensor {
    const tensor = this.#left.get(name);
    if (tensor === undefined) {
      throw new TypeError(`${this.#what} has no tensor "${name}"`);
    }
    this.#left.delete(name);
    const { shape, data } = tensor;
    if (tensor.dtype !== dtype || !(data instanceof TENSOR_ARRAYS[dtype])) {
      throw new TypeError(
        `${this.#what} tensor "${name}" is ${tensor.dtype}, must be ${dtype}`,
      );
    }
    const fits = shape.length === extents.length &&
      shape.every((extent, n) => extent === (extents[n] ?? extent)) &&
      shape.reduce((a, b) => a * b, 1) === data.length;
    if (!fits) {
      throw new RangeError(
        `${this.#what} tensor "${name}" has shape ${
          shape.join(" × ")
        } and ${data.length} elements, must have shape ${
          extents.map((extent) => extent ?? "any").join(" × ")
        }`,
      );
    }
    return tensor;
  }
}
