import { z } from "zod";
import type { NamedTensors, Tensor } from "../core/models/model.ts";
import { TENSOR_ARRAYS } from "../core/models/tensor_arrays.ts";
import { artifactError } from "./_artifact_error.ts";
import { align, ALIGNMENT, MAX_DIMENSIONS, TENSOR_NAME } from "./_layout.ts";
import type { ArtifactHeader, TensorEntry } from "./header.ts";

const size = z.int().nonnegative();
const ENTRY: z.ZodType<TensorEntry> = z.strictObject({
  dtype: z.enum(["f16", "f32", "f64", "i8", "u32", "u8"]),
  shape: z.array(size).max(MAX_DIMENSIONS),
  offset: size,
});

/**
 * Views of the payload, one per row of the tensor table. There is one legal table for given tensors: they lie one after
 * the other, each at the next multiple of 64, with zeros between them and nothing after the last. So nothing hides
 * between tensors, none overlaps another, and the table cannot claim more than the file holds.
 *
 * @param start Where the payload starts in the file.
 * @throws {RecotemError} `artifact_error`, reason `deserialize`.
 * @throws {RangeError} When the file does not start at a multiple of 8 bytes in its buffer.
 */
export function decodeTensors(
  { payload_bytes, tensors: table }: ArtifactHeader,
  payload: Uint8Array,
  start: number,
): NamedTensors {
  if (payload_bytes !== payload.length) {
    throw refusal(
      `is ${payload.length} bytes long where its header says ${payload_bytes}`,
    );
  }
  if (start % ALIGNMENT !== 0) {
    throw refusal(`does not start at a multiple of ${ALIGNMENT} bytes`);
  }
  if (payload.byteOffset % Float64Array.BYTES_PER_ELEMENT !== 0) {
    throw new RangeError("Bytes must start at a multiple of 8 in their buffer");
  }
  // Without a prototype, so that a name which is not there is undefined whatever it is.
  const tensors: Record<string, Tensor> = Object.create(null);
  let end = 0;
  for (const [name, row] of Object.entries(table)) {
    if (!TENSOR_NAME.test(name)) {
      throw refusal(
        "has a tensor whose name is not 1 to 64 letters, digits, dots, underscores or dashes",
      );
    }
    const entry = ENTRY.safeParse(row);
    if (!entry.success) {
      throw refusal(
        `has a malformed tensor ${name}: dtype, shape and offset are needed`,
        entry.error,
      );
    }
    const { dtype, shape, offset } = entry.data;
    if (offset !== align(end)) {
      throw refusal(
        `has its tensor ${name} at ${offset} and not at ${align(end)}`,
      );
    }
    const array = TENSOR_ARRAYS[dtype];
    const length = shape.reduce((product, extent) => product * extent, 1);
    // A product that is too large to be exact is larger than any payload.
    const next = offset + length * array.BYTES_PER_ELEMENT;
    if (!(next <= payload.length)) {
      throw refusal(`ends within its tensor ${name}`);
    }
    if (payload.subarray(end, offset).some((byte) => byte !== 0)) {
      throw refusal(`has bytes other than zero before its tensor ${name}`);
    }
    end = next;
    tensors[name] = {
      dtype,
      shape,
      data: new array(payload.buffer, payload.byteOffset + offset, length),
    };
  }
  if (end !== payload.length) {
    throw refusal("goes on after its last tensor");
  }
  return tensors;
}

function refusal(problem: string, cause?: unknown): Error {
  return artifactError("deserialize", `Artifact payload ${problem}`, cause);
}
