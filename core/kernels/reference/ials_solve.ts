import { notPositiveDefinite } from "../not_positive_definite.ts";
import type { IalsSolveArgs } from "../kernels.ts";
import { Breather } from "./breather.ts";

/** Squared residual at which a row counts as solved. */
const SOLVED = 1e-20;

/** Conjugate gradients per row (Hestenes, Stiefel 1952; for iALS: Takács, Pilászy, Tikk 2011), in double precision. */
export async function ialsSolve(
  args: IalsSolveArgs,
  signal?: AbortSignal,
): Promise<void> {
  const { matrix, solved, factors: k, linearOffset } = args;
  const breather = new Breather(signal);
  const limit = args.steps === 0 ? k : args.steps;
  const solution = new Float64Array(k);
  const residual = new Float64Array(k);
  const direction = new Float64Array(k);
  const image = new Float64Array(k);
  for (let row = 0; row < matrix.rows; row++) {
    const begin = matrix.indptr[row]!;
    const end = matrix.indptr[row + 1]!;
    const target = solved.subarray(row * k, (row + 1) * k);
    if (begin === end) {
      target.fill(0);
      continue;
    }
    solution.set(target);
    apply(args, row, solution, image);
    for (let f = 0; f < k; f++) residual[f] = -image[f]!;
    for (let p = begin; p < end; p++) {
      const weight = matrix.values[p]! + linearOffset;
      const start = matrix.indices[p]! * k;
      for (let f = 0; f < k; f++) {
        residual[f]! += weight * args.fixed[start + f]!;
      }
    }
    direction.set(residual);
    let square = dot(residual, residual);
    for (let step = 0; step < limit && !(square <= SOLVED); step++) {
      apply(args, row, direction, image);
      const curvature = dot(direction, image);
      if (!(curvature > 0 && curvature < Infinity)) {
        throw notPositiveDefinite(row, curvature);
      }
      const alpha = square / curvature;
      for (let f = 0; f < k; f++) {
        solution[f]! += alpha * direction[f]!;
        residual[f]! -= alpha * image[f]!;
      }
      const next = dot(residual, residual);
      const beta = next / square;
      for (let f = 0; f < k; f++) {
        direction[f] = residual[f]! + beta * direction[f]!;
      }
      square = next;
    }
    target.set(solution);
    const work = limit * (k * k + 2 * (end - begin) * k);
    if (breather.spend(work)) await breather.pause();
  }
}

/** `out = (gram + Σ c q qᵀ + ridge I) x`, the sum over the row's entries. */
function apply(
  args: IalsSolveArgs,
  row: number,
  x: Float64Array,
  out: Float64Array,
): void {
  const { matrix, fixed, factors: k, gram } = args;
  for (let i = 0; i < k; i++) {
    let sum = args.ridge[row]! * x[i]!;
    for (let j = 0; j < k; j++) sum += gram[i * k + j]! * x[j]!;
    out[i] = sum;
  }
  for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
    const start = matrix.indices[p]! * k;
    let product = 0;
    for (let f = 0; f < k; f++) product += fixed[start + f]! * x[f]!;
    product *= matrix.values[p]!;
    for (let f = 0; f < k; f++) out[f]! += product * fixed[start + f]!;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let f = 0; f < a.length; f++) sum += a[f]! * b[f]!;
  return sum;
}
