import {
  checkBelow,
  checkCount,
  checkLength,
  checkScoreDense,
  checkScoreSome,
} from "./check.ts";
import { createReferenceScoreKernels } from "./create_reference_score_kernels.ts";
import { KernelMemory } from "./kernel_memory.ts";
import type { ScoreKernels } from "./kernels.ts";
import { kernelModule } from "./wasm/kernel_module.ts";
import { quantizeRows } from "./wasm/quantize_rows.ts";
import type { ScoreExports } from "./wasm/score_exports.ts";
import { Scratch } from "./wasm/scratch.ts";

/** Bytes that `topK` needs beside its arguments. */
const TAIL_BYTES = 192;

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
  const scratch = {
    scores: new Scratch(own),
    first: new Scratch(own),
    second: new Scratch(own),
    result: new Scratch(own),
    list: new Scratch(own),
    values: new Scratch(own),
  };
  let scores: Float32Array = new Float32Array();

  return {
    scores(length) {
      if (scores.length !== length) {
        const address = scratch.scores.at(4 * length);
        scores = new Float32Array(own.memory.buffer, address, length);
      }
      return scores;
    },
    scoreFactors(user, items, factors, out) {
      if (!own.holds(items)) {
        return reference.scoreFactors(user, items, factors, out);
      }
      checkLength("user", user, factors);
      checkLength("items", items, out.length * factors);
      const to = scratch.result.room(out);
      exports.scoreFactors(
        scratch.first.place(user),
        items.byteOffset,
        factors,
        out.length,
        to,
      );
      scratch.result.deliver(to, out);
    },
    scoreSome(user, items, factors, which, out) {
      if (!own.holds(items)) {
        return reference.scoreSome(user, items, factors, which, out);
      }
      checkScoreSome(user, items, factors, which, out);
      const to = scratch.result.room(out);
      exports.scoreSome(
        scratch.first.place(user),
        items.byteOffset,
        factors,
        scratch.second.place(which),
        which.length,
        to,
      );
      scratch.result.deliver(to, out);
    },
    quantize(items, factors) {
      return own.holds(items)
        ? quantizeRows({ memory: own, exports, scratch }, items, factors)
        : null;
    },
    scoreSparse(items, weights, matrix, out) {
      const { indptr, indices, values } = matrix;
      const scales = "scales" in matrix ? matrix.scales : indptr;
      if (![indptr, indices, values, scales].every((part) => own.holds(part))) {
        return reference.scoreSparse(items, weights, matrix, out);
      }
      checkLength("weights", weights, items.length);
      checkLength("out", out, matrix.cols);
      checkBelow("An item", items, matrix.rows);
      const to = scratch.result.room(out);
      exports.scoreSparse(
        scratch.first.place(items),
        scratch.second.place(weights),
        items.length,
        indptr.byteOffset,
        indices.byteOffset,
        values.byteOffset,
        scales.byteOffset,
        Math.log2(values.BYTES_PER_ELEMENT),
        to,
        out.length,
      );
      scratch.result.deliver(to, out);
    },
    scoreDense(items, weights, matrix, out) {
      if (!own.holds(matrix)) {
        return reference.scoreDense(items, weights, matrix, out);
      }
      checkScoreDense(items, weights, matrix, out.length);
      const to = scratch.result.room(out);
      exports.sumLongRows(
        scratch.first.place(items),
        scratch.second.place(weights),
        items.length,
        matrix.byteOffset,
        out.length,
        to,
      );
      scratch.result.deliver(to, out);
    },
    topK(from, k, indices, values) {
      checkCount("k", k, 1);
      const most = Math.min(k, from.length);
      if (indices.length < most || values.length < most) {
        throw new RangeError(
          `Room for results is ${indices.length} and ${values.length}, must be at least ${most}`,
        );
      }
      const best = indices.subarray(0, most);
      const bestValues = values.subarray(0, most);
      const to = scratch.result.room(best);
      const valuesTo = scratch.values.room(bestValues);
      const count = exports.topK(
        scratch.first.place(from),
        from.length,
        most,
        to,
        valuesTo,
        tail,
      );
      scratch.result.deliver(to, best.subarray(0, count));
      scratch.values.deliver(valuesTo, bestValues.subarray(0, count));
      return count;
    },
    atLeast(from, least) {
      const address = scratch.list.at(4 * from.length);
      const count = exports.atLeast(
        scratch.first.place(from),
        from.length,
        least,
        address,
      );
      return new Uint32Array(own.memory.buffer, address, count);
    },
  };
}
