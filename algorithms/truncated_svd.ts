import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import type { Model } from "../core/models/model.ts";
import { ProjectionModel } from "../core/models/projection.ts";
import { requireFinite } from "./_require_finite.ts";
import { rightSingularVectors } from "./right_singular_vectors.ts";
import type { Algorithm, FitContext } from "./algorithm.ts";

/** Parameters of {@linkcode truncatedSvd}. */
export interface TruncatedSvdParams {
  /** Singular vectors kept. */
  readonly n_components: number;
}

/** The most that the search draws; one factorisation of so many serves all trials. */
const MOST_COMPONENTS = 512;

/**
 * Projects what a user has on the right singular vectors of largest singular value: `score = X V Vᵀ`.
 * O(non-zeros · K + (users + items) · K²) per pass, 11 passes.
 */
export const truncatedSvd: Algorithm<TruncatedSvdParams> = {
  name: "TruncatedSVD",
  aliases: ["PureSVD"],
  reference:
    "Cremonesi, Koren, Turrin, Performance of recommender algorithms on top-N recommendation tasks, RecSys 2010, https://doi.org/10.1145/1864708.1864721",
  params: z.strictObject({ n_components: z.int().min(1).default(4) }),
  space: { n_components: { type: "int", low: 4, high: MOST_COMPONENTS } },
  cost({ users, items, nonZeros }, { n_components }) {
    const k = Math.min(Math.max(n_components, MOST_COMPONENTS), items);
    return {
      // A side, its indices as a sparse matrix, and the product.
      bytes: 12 * k * Math.max(users, items) + 24 * nonZeros,
      flops: 11 * (2 * nonZeros * k + 4 * (users + items) * k * k),
    };
  },
  async fit(matrix, { n_components }, context): Promise<Model> {
    if (matrix.cols === 0) return new ProjectionModel(new Float32Array(), 1);
    const most = Math.max(1, matrix.cols - 1);
    if (n_components > most) {
      context.warn("n_components_clamped", {
        requested: n_components,
        clamped: most,
      });
    }
    const rank = Math.min(most, Math.max(n_components, MOST_COMPONENTS));
    const vectors = await context.shared.get(
      `right singular vectors, ${rank}`,
      () => factorise(matrix, rank, context),
    );
    // A model has a factor even when the matrix has nothing.
    const factors = Math.max(1, Math.min(n_components, vectors.columns));
    const items = new Float32Array(matrix.cols * factors);
    for (let item = 0; item < matrix.cols; item++) {
      const start = item * vectors.columns;
      const end = start + Math.min(factors, vectors.columns);
      items.set(vectors.data.subarray(start, end), item * factors);
    }
    return new ProjectionModel(items, factors);
  },
};

async function factorise(
  matrix: Csr,
  rank: number,
  context: FitContext,
): ReturnType<typeof rightSingularVectors> {
  const vectors = await rightSingularVectors(matrix, rank, context);
  requireFinite(
    vectors.data,
    "TruncatedSVD: a singular vector is not finite; the interaction weights are too large",
  );
  return vectors;
}
