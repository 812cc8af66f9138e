import type { IalsBlockArgs } from "../learning_kernels.ts";
import { notPositiveDefinite } from "../not_positive_definite.ts";
import { Breather } from "./breather.ts";

/** One Newton step per row on the factors of a block (Rendle et al. 2021, iALS++), in double precision. */
export async function ialsSolveBlock(
  args: IalsBlockArgs,
  signal?: AbortSignal,
): Promise<void> {
  const { matrix, solved, factors: k, size } = args;
  const breather = new Breather(signal);
  const system = new Float64Array(size * size);
  const step = new Float64Array(size);
  for (let row = 0; row < matrix.rows; row++) {
    const count = matrix.indptr[row + 1]! - matrix.indptr[row]!;
    const own = solved.subarray(row * k, (row + 1) * k);
    if (count === 0) {
      own.fill(0);
      continue;
    }
    fillSystem(args, row, own, system, step);
    eliminate(row, system, step);
    for (let i = 0; i < size; i++) own[args.first + i]! -= step[i]!;
    const work = size ** 3 + count * (size * size + k);
    if (breather.spend(work)) await breather.pause();
  }
}

/** The second derivatives of the row's loss by the block's factors, and the first. */
function fillSystem(
  { matrix, fixed, factors: k, gram, ridge, linearOffset, first, size }:
    IalsBlockArgs,
  row: number,
  own: Float32Array,
  system: Float64Array,
  gradient: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    const from = (first + i) * k;
    let sum = ridge[row]! * own[first + i]!;
    for (let f = 0; f < k; f++) sum += gram[from + f]! * own[f]!;
    gradient[i] = sum;
    for (let j = 0; j < size; j++) {
      system[i * size + j] = gram[from + first + j]! +
        (i === j ? ridge[row]! : 0);
    }
  }
  for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
    const at = matrix.indices[p]! * k;
    const weight = matrix.values[p]!;
    let score = 0;
    for (let f = 0; f < k; f++) score += fixed[at + f]! * own[f]!;
    const pull = weight * (score - 1) - linearOffset;
    for (let i = 0; i < size; i++) {
      const factor = fixed[at + first + i]!;
      gradient[i]! += pull * factor;
      for (let j = 0; j < size; j++) {
        system[i * size + j]! += weight * factor * fixed[at + first + j]!;
      }
    }
  }
}

/** Solves in place by symmetric elimination; the solution replaces `right`. */
function eliminate(
  row: number,
  system: Float64Array,
  right: Float64Array,
): void {
  const size = right.length;
  for (let i = 0; i < size; i++) {
    const pivot = system[i * size + i]!;
    if (!(pivot > 0 && pivot < Infinity)) throw notPositiveDefinite(row, pivot);
    for (let below = i + 1; below < size; below++) {
      const factor = system[below * size + i]! / pivot;
      for (let j = i; j < size; j++) {
        system[below * size + j]! -= factor * system[i * size + j]!;
      }
      right[below]! -= factor * right[i]!;
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let j = i + 1; j < size; j++) {
      right[i]! -= system[i * size + j]! * right[j]!;
    }
    right[i]! /= system[i * size + i]!;
  }
}
