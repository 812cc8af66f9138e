import { checkLength } from "../check.ts";
import type { KernelMemory } from "../kernel_memory.ts";
import type { QuantizedRows } from "../kernels.ts";
import { roundUp } from "./engine.ts";
import type { ScoreExports } from "./score_exports.ts";
import type { Scratch } from "./scratch.ts";

/** Bytes of the numbers of four rows, as in the assembly. */
const NUMBERS = 64;
/** Fewer rows are scored as fast as they are bounded. */
const FEWEST_ROWS = 256;
/** Lengths above it would come near the largest float when they are multiplied. */
const LONGEST = 1e15;

/** What a set of quantized rows is made with. */
export interface QuantizeParts {
  readonly memory: KernelMemory;
  readonly exports: ScoreExports;
  /** Room for vectors, results, and the work of both. */
  readonly scratch: {
    readonly first: Scratch;
    readonly second: Scratch;
    readonly result: Scratch;
  };
}

/** Codes rows that lie in kernel memory; null where that saves nothing or has no room. See `assembly/quantized.ts`. */
export function quantizeRows(
  { memory, exports, scratch }: QuantizeParts,
  items: Float32Array,
  factors: number,
): QuantizedRows | null {
  const count = items.length / factors;
  if (count < FEWEST_ROWS) return null;
  const rowBytes = roundUp(factors, 16);
  const groups = Math.ceil(count / 4);
  let codes: number;
  try {
    codes = memory.take(groups * (4 * rowBytes + NUMBERS));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  const numbers = codes + groups * 4 * rowBytes;
  const longest = exports.quantizeRows(
    items.byteOffset,
    factors,
    count,
    codes,
    numbers,
    scratch.second.at(64),
  );
  // NaN included.
  if (!(longest <= LONGEST)) {
    memory.release(codes);
    return null;
  }
  return {
    bound(user, out) {
      checkLength("user", user, factors);
      checkLength("out", out, count);
      const to = scratch.result.room(out);
      const length = exports.boundRows(
        scratch.first.place(user),
        factors,
        count,
        codes,
        numbers,
        scratch.second.at(rowBytes),
        to,
      );
      scratch.result.deliver(to, out);
      return length <= LONGEST;
    },
    [Symbol.dispose]() {
      memory.release(codes);
    },
  };
}
