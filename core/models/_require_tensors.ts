import type { Dtype, NamedTensors, Tensor } from "./model.ts";

/** What one tensor of a model must be; a null extent may be anything. */
interface Wanted {
  readonly dtype: Dtype;
  readonly shape: readonly (number | null)[];
}

/**
 * The data of exactly the tensors named, each of its dtype and shape.
 *
 * @throws {TypeError} When one is missing, there are others, or one is of another dtype.
 * @throws {RangeError} When one has another shape.
 */
export function requireTensors<Name extends string>(
  tensors: NamedTensors,
  wanted: Readonly<Record<Name, Wanted>>,
): Record<Name, Tensor["data"]> {
  for (const name of Object.keys(tensors)) {
    if (!Object.hasOwn(wanted, name)) {
      throw new TypeError(
        `Tensor ${name} is unknown: there are ${
          Object.keys(wanted).join(", ")
        }`,
      );
    }
  }
  const entries = Object.entries<Wanted>(wanted).map(
    ([name, { dtype, shape }]) => {
      const tensor = tensors[name];
      if (tensor === undefined) {
        throw new TypeError(`Tensor ${name} is missing`);
      }
      if (tensor.dtype !== dtype) {
        throw new TypeError(
          `Tensor ${name} is ${tensor.dtype}, must be ${dtype}`,
        );
      }
      const fits = tensor.shape.length === shape.length &&
        shape.every((extent, n) =>
          extent === null || extent === tensor.shape[n]
        );
      if (!fits) {
        throw new RangeError(
          `Tensor ${name} has shape [${tensor.shape}], must have [${
            shape.map((extent) => extent ?? "any")
          }]`,
        );
      }
      return [name, tensor.data] as const;
    },
  );
  return Object.fromEntries(entries) as Record<Name, Tensor["data"]>;
}
