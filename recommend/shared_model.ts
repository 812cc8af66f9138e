import { createScoreKernels } from "../core/kernels/create_score_kernels.ts";
import { KernelMemory } from "../core/kernels/kernel_memory.ts";
import type { Dtype, NamedTensors } from "../core/models/model.ts";
import { TENSOR_ARRAYS } from "../core/models/tensor_arrays.ts";
import { Recommender } from "../core/models/recommender.ts";

/** Where a tensor lies in shared memory. */
interface Place {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly byteOffset: number;
  readonly length: number;
}

/** A model that several threads open, its numbers in memory that they share; can be sent in a message. */
export interface SharedModel {
  readonly kind: string;
  /** Null for a model larger than a WebAssembly memory, which is then scored in plain TypeScript. */
  readonly memory: WebAssembly.Memory | null;
  /** The bytes, where there is no such memory. */
  readonly buffer: ArrayBufferLike | null;
  readonly places: Readonly<Record<string, Place>>;
}

/**
 * Describes tensors that lie in one buffer.
 *
 * @param memory The memory that the buffer is of, if it is of one.
 */
export function shareModel(
  kind: string,
  tensors: NamedTensors,
  memory: WebAssembly.Memory | null,
): SharedModel {
  const entries = Object.entries(tensors);
  return {
    kind,
    memory,
    buffer: memory ? null : entries[0]?.[1].data.buffer ?? new ArrayBuffer(),
    places: Object.fromEntries(
      entries.map(([name, { dtype, shape, data }]) => [
        name,
        { dtype, shape, byteOffset: data.byteOffset, length: data.length },
      ]),
    ),
  };
}

/**
 * Opens a shared model on the calling thread. Linear time; nothing is copied, but factors are also held in eight bits.
 *
 * @throws {TypeError | RangeError} As {@linkcode Recommender.load}.
 */
export function openShared(
  { kind, memory, buffer, places }: SharedModel,
): Recommender {
  const bytes = memory ? new KernelMemory(memory).buffer : buffer!;
  const tensors = Object.fromEntries(
    Object.entries(places).map((
      [name, { dtype, shape, byteOffset, length }],
    ) => [
      name,
      {
        dtype,
        shape,
        data: new TENSOR_ARRAYS[dtype](bytes, byteOffset, length),
      },
    ]),
  );
  return Recommender.load(
    kind,
    tensors,
    memory ? createScoreKernels(memory) : undefined,
  );
}
