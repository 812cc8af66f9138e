import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import {
  degreePowers,
  type Degrees,
  degreesOf,
  scaleByDegrees,
} from "./_degrees.ts";
import type { Columns } from "./_orthonormal_columns.ts";
import { requireFinite } from "./_require_finite.ts";
import { rightSingularVectors } from "./right_singular_vectors.ts";
import { boundedSimilarity, similarityModel } from "./_similarity_model.ts";
import type { Cost, FitContext, MatrixShape } from "./algorithm.ts";

/**
 * With `R = D_U^-½ X D_I^-½`, `P = RᵀR` and its leading singular vectors `V` the filter is
 * `W = (P + share · D_I^-½ V Vᵀ D_I^½) · p(P)`.
 */
export interface LowPassFilter {
  readonly name: string;
  /** Singular vectors. */
  readonly components: number;
  readonly share: number;
  /** Coefficients of the polynomial p, the constant one first. */
  readonly polynomial: readonly number[];
  /** Weights kept per source item, the largest by magnitude. */
  readonly topK: number;
  /** What helps when the filter overflows, such as `lower alpha`. */
  readonly remedy: string;
}

/** Numbers of singular vectors that are worked out, so that the trials of a search share few factorisations. */
const COMPONENTS_STEP = 256;

/**
 * Never forms `P`, nor more of W than a few rows at a time.
 * O(items · (non-zeros · degree of p + items · components)).
 */
export async function fitLowPassFilter(
  matrix: Csr,
  { name, components, share, polynomial, topK, remedy }: LowPassFilter,
  context: FitContext,
): Promise<Model> {
  const items = matrix.cols;
  if (items === 0) return similarityModel(name, identity(0));
  if (components > items) {
    context.warn("n_components_clamped", {
      requested: components,
      clamped: items,
    });
  }
  const { degrees, normalized, transposed, own } = await normalize(
    name,
    matrix,
    context,
  );
  const most = Math.min(
    items,
    Math.ceil(components / COMPONENTS_STEP) * COMPONENTS_STEP,
  );
  const vectors = await own.shared.get(
    `right singular vectors, ${most}`,
    () => rightSingularVectors(normalized, most, own),
  );
  const rank = Math.min(components, vectors.columns);
  // p(P) P + (D^-½ V) (share p(P) D^½ V)ᵀ.
  const scaled = firstColumns(vectors, rank, degreePowers(degrees.items, 0.5));
  const filtered = await filterColumns(
    scaled,
    polynomial.map((coefficient) => coefficient * share),
    { normalized, transposed, ...own },
  );
  requireFinite(
    filtered,
    `${name}: a filtered vector is not finite; ${remedy}`,
  );
  const weights = await context.kernels.graphFilter({
    matrix: normalized,
    transposed,
    signals: identity(items),
    coefficients: polynomial,
    left: firstColumns(vectors, rank, degreePowers(degrees.items, -0.5)).data,
    right: filtered,
    rank,
    topK,
  }, context.signal);
  return boundedSimilarity(name, weights, matrix.values);
}

/** What a filter costs: the factorisation, the vectors and the weights kept. */
export function lowPassFilterCost(
  { users, items, nonZeros }: MatrixShape,
  components: number,
  degree: number,
  topK: number,
): Cost {
  const rank = Math.min(
    items,
    Math.ceil(components / COMPONENTS_STEP) * COMPONENTS_STEP,
  );
  const products = 2 * items * nonZeros * 2 * degree + 2 * items ** 2 * rank;
  const factorisation = 11 *
    (2 * nonZeros * rank + 4 * (users + items) * rank ** 2);
  return {
    bytes: 16 * rank * Math.max(users, items) + 48 * nonZeros +
      24 * items * Math.min(topK, items),
    flops: products + factorisation,
  };
}

interface Normalized {
  readonly degrees: Degrees;
  readonly normalized: Csr;
  readonly transposed: Csr;
  /** Shares work on the normalized matrix rather than on the one that is fitted. */
  readonly own: FitContext;
}

async function normalize(
  name: string,
  matrix: Csr,
  context: FitContext,
): Promise<Normalized> {
  const own: FitContext = {
    ...context,
    shared: {
      get: (key, make) => context.shared.get(`normalized: ${key}`, make),
    },
  };
  const degrees = await context.shared.get("degrees", () => degreesOf(matrix));
  const normalized = await own.shared.get("matrix", () =>
    scaleByDegrees(
      name,
      matrix,
      degreePowers(degrees.users, -0.5),
      degreePowers(degrees.items, -0.5),
    ));
  const transposed = await own.shared.get(
    "transpose",
    () => transpose(normalized),
  );
  return { degrees, normalized, transposed, own };
}

/** The first columns, rows scaled. */
function firstColumns(
  { data, rows, columns }: Columns,
  count: number,
  scales: Float64Array,
): Columns {
  const first = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < count; column++) {
      first[row * count + column] = scales[row]! *
        data[row * columns + column]!;
    }
  }
  return { data: first, rows, columns: count };
}

/** `p(P) · columns`, by Horner's scheme. */
async function filterColumns(
  { data, columns }: Columns,
  polynomial: readonly number[],
  { normalized, transposed, kernels, signal }: FitContext & {
    readonly normalized: Csr;
    readonly transposed: Csr;
  },
): Promise<Float32Array> {
  let sum = new Float32Array(data.length);
  // A matrix of zeros has no singular vectors.
  if (columns === 0) return sum;
  for (const [step, coefficient] of polynomial.toReversed().entries()) {
    if (step > 0) {
      const users = await kernels.sparseTimesDense(
        normalized,
        sum,
        columns,
        signal,
      );
      sum = new Float32Array(
        await kernels.sparseTimesDense(transposed, users, columns, signal),
      );
    }
    for (let n = 0; n < sum.length; n++) sum[n]! += coefficient * data[n]!;
  }
  return sum;
}

function identity(n: number): Csr {
  return {
    rows: n,
    cols: n,
    indptr: Uint32Array.from({ length: n + 1 }, (_, row) => row),
    indices: Uint32Array.from({ length: n }, (_, row) => row),
    values: new Float32Array(n).fill(1),
  };
}
