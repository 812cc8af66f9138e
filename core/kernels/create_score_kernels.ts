import { checkCount, checkLength, checkScoreDense } from "./check.ts";
import type { CompactCsr } from "./compact_csr.ts";
import { createReferenceScoreKernels } from "./create_reference_score_kernels.ts";
import type { Csr } from "./csr.ts";
import { KernelMemory } from "./kernel_memory.ts";
import type { ScoreKernels } from "./kernels.ts";
import { kernelModule } from "./wasm/kernel_module.ts";
import { Loan } from "./wasm/loan.ts";

/** Adds a weighted row of a sparse matrix to sums. */
type AddRow = (
  indices: number,
  values: number,
  count: number,
  weight: number,
  sums: number,
) => void;

/** What serving calls in the WebAssembly module. */
interface ScoreExports {
  addRow: AddRow;
  addRowByte: AddRow;
  addRowHalf: AddRow;
  scoreFactors(
    user: number,
    items: number,
    factors: number,
    count: number,
    out: number,
  ): void;
  sumLongRows(
    indices: number,
    values: number,
    count: number,
    dense: number,
    width: number,
    out: number,
  ): void;
  topK(
    scores: number,
    count: number,
    k: number,
    indices: number,
    values: number,
    tail: number,
  ): number;
}

/** Bytes that `topK` needs beside its arguments. */
const TAIL_BYTES = 128;

/**
 * Creates serving kernels in WebAssembly SIMD on the calling thread. Models that lie in `memory` are scored in place;
 * vectors that lie elsewhere (users, scores, results) are copied in and out, and models that lie elsewhere are scored
 * by the plain TypeScript kernels, which is less work than copying them.
 *
 * @param memory A shared memory, such as that of a {@linkcode KernelMemory} which holds an artifact.
 *
 * @example Score two items
 * ```ts
 * import { createScoreKernels } from "./create_score_kernels.ts";
 * import { KernelMemory } from "./kernel_memory.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const memory = new KernelMemory();
 * const items = memory.f32(4);
 * items.set([1, 2, 3, 4]);
 * const scores = new Float32Array(2);
 * const kernels = createScoreKernels(memory.memory);
 * kernels.scoreFactors(Float32Array.of(1, 1), items, 2, scores);
 * assertEquals(scores, Float32Array.of(3, 7));
 * ```
 */
export function createScoreKernels(memory?: WebAssembly.Memory): ScoreKernels {
  const own = new KernelMemory(memory);
  const instance = new WebAssembly.Instance(kernelModule("fast"), {
    env: { memory: own.memory },
  });
  const exports = instance.exports as unknown as ScoreExports;
  const reference = createReferenceScoreKernels();
  const tail = own.take(TAIL_BYTES);

  /** Copies a result out of kernel memory, unless it was written in place. */
  function deliver(address: number, to: Float32Array | Uint32Array): void {
    if (own.holds(to)) return;
    const { buffer } = own.memory;
    const length = to.length;
    to.set(
      to instanceof Float32Array
        ? new Float32Array(buffer, address, length)
        : new Uint32Array(buffer, address, length),
    );
  }

  function addRowOf(values: (Csr | CompactCsr)["values"]): AddRow {
    if (values instanceof Float32Array) return exports.addRow;
    return values instanceof Int8Array
      ? exports.addRowByte
      : exports.addRowHalf;
  }

  return {
    scoreFactors(user, items, factors, out) {
      if (!own.holds(items)) {
        return reference.scoreFactors(user, items, factors, out);
      }
      checkLength("user", user, factors);
      checkLength("items", items, out.length * factors);
      using loan = new Loan(own);
      const to = loan.room(out);
      exports.scoreFactors(
        loan.address(user),
        items.byteOffset,
        factors,
        out.length,
        to,
      );
      deliver(to, out);
    },
    scoreSparse(items, weights, matrix, out) {
      if (!own.holds(matrix.indices) || !own.holds(matrix.values)) {
        return reference.scoreSparse(items, weights, matrix, out);
      }
      checkLength("weights", weights, items.length);
      checkLength("out", out, matrix.cols);
      using loan = new Loan(own);
      const to = loan.room(out);
      new Float32Array(own.memory.buffer, to, out.length).fill(0);
      const { values } = matrix;
      const addRow = addRowOf(values);
      for (let h = 0; h < items.length; h++) {
        const row = items[h]!;
        if (row >= matrix.rows) {
          throw new RangeError(
            `An item is ${row}, must be below ${matrix.rows}`,
          );
        }
        const start = matrix.indptr[row]!;
        addRow(
          matrix.indices.byteOffset + 4 * start,
          values.byteOffset + values.BYTES_PER_ELEMENT * start,
          matrix.indptr[row + 1]! - start,
          weights[h]! * ("scales" in matrix ? matrix.scales[row]! : 1),
          to,
        );
      }
      deliver(to, out);
    },
    scoreDense(items, weights, matrix, out) {
      if (!own.holds(matrix)) {
        return reference.scoreDense(items, weights, matrix, out);
      }
      checkScoreDense(items, weights, matrix, out.length);
      using loan = new Loan(own);
      const to = loan.room(out);
      exports.sumLongRows(
        loan.address(items),
        loan.address(weights),
        items.length,
        matrix.byteOffset,
        out.length,
        to,
      );
      deliver(to, out);
    },
    topK(scores, k, indices, values) {
      checkCount("k", k, 1);
      const most = Math.min(k, scores.length);
      if (indices.length < most || values.length < most) {
        throw new RangeError(
          `Room for results is ${indices.length} and ${values.length}, must be at least ${most}`,
        );
      }
      using loan = new Loan(own);
      const best = indices.subarray(0, most);
      const bestValues = values.subarray(0, most);
      const to = loan.room(best);
      const valuesTo = loan.room(bestValues);
      const count = exports.topK(
        loan.address(scores),
        scores.length,
        most,
        to,
        valuesTo,
        tail,
      );
      deliver(to, best.subarray(0, count));
      deliver(valuesTo, bestValues.subarray(0, count));
      return count;
    },
  };
}
