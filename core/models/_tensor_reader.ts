import type { Dtype, NamedTensors, Tensor } from "./model.ts";

/** What holds the elements of each type. */
interface Arrays {
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
  readonly u8: Uint8Array;
}

const CONSTRUCTORS: Record<Dtype, new () => Tensor["data"]> = {
  f32: Float32Array,
  f64: Float64Array,
  u32: Uint32Array,
  u8: Uint8Array,
};

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

  /** Whether a tensor is there and not yet taken. */
  has(name: string): boolean {
    return this.#left.has(name);
  }

  /** Takes a vector, of `length` when given. */
  vector<D extends Dtype>(
    name: string,
    dtype: D,
    length?: number,
  ): Arrays[D] {
    const { shape, data } = this.#take(name, dtype, 1);
    if (length !== undefined && shape[0] !== length) {
      throw new RangeError(
        `${this.#what} tensor "${name}" has length ${
          shape[0]
        }, must have ${length}`,
      );
    }
    return data as Tensor["data"] as Arrays[D];
  }

  /** Takes a matrix of 32-bit floats with `rows` rows, and `columns` columns when given. */
  matrix(
    name: string,
    rows: number,
    columns?: number,
  ): { data: Float32Array; columns: number } {
    const { shape, data } = this.#take(name, "f32", 2);
    if (
      shape[0] !== rows || (columns !== undefined && shape[1] !== columns)
    ) {
      throw new RangeError(
        `${this.#what} tensor "${name}" has shape ${
          shape.join("×")
        }, must have ${rows}×${columns ?? "factors"}`,
      );
    }
    return { data: data as Float32Array, columns: shape[1]! };
  }

  /** Ends the reading; throws `TypeError` when a tensor was not taken. */
  end(): void {
    for (const name of this.#left.keys()) {
      throw new TypeError(`${this.#what} has an unknown tensor "${name}"`);
    }
  }

  #take(name: string, dtype: Dtype, dimensions: number): Tensor {
    const tensor = this.#left.get(name);
    if (tensor === undefined) {
      throw new TypeError(`${this.#what} has no tensor "${name}"`);
    }
    this.#left.delete(name);
    if (
      tensor.dtype !== dtype || !(tensor.data instanceof CONSTRUCTORS[dtype])
    ) {
      throw new TypeError(
        `${this.#what} tensor "${name}" is ${tensor.dtype}, must be ${dtype}`,
      );
    }
    const size = tensor.shape.reduce((a, b) => a * b, 1);
    if (
      tensor.shape.length !== dimensions || size !== tensor.data.length
    ) {
      throw new RangeError(
        `${this.#what} tensor "${name}" has shape ${
          tensor.shape.join("×")
        } and ${tensor.data.length} elements, must have ${dimensions} dimensions that fit`,
      );
    }
    return tensor;
  }
}
