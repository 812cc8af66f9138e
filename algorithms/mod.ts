/**
 * The algorithms that a recipe may name.
 *
 * @module
 */
import type { Algorithm } from "./algorithm.ts";
import { asymmetricCosineKnn } from "./asymmetric_cosine_knn.ts";
import { asymmetricCosineUserKnn } from "./asymmetric_cosine_user_knn.ts";
import { bprfm } from "./bprfm.ts";
import { bspm } from "./bspm.ts";
import { cosineKnn } from "./cosine_knn.ts";
import { cosineUserKnn } from "./cosine_user_knn.ts";
import { denseSlim } from "./dense_slim.ts";
import { edlae } from "./edlae.ts";
import { gfcf } from "./gfcf.ts";
import { ials } from "./ials.ts";
import { jaccardKnn } from "./jaccard_knn.ts";
import { nmf } from "./nmf.ts";
import { p3alpha } from "./p3alpha.ts";
import { rp3beta } from "./rp3beta.ts";
import { slim } from "./slim.ts";
import { sparseEase } from "./sparse_ease.ts";
import { topPop } from "./top_pop.ts";
import { truncatedSvd } from "./truncated_svd.ts";
import { turboCf } from "./turbo_cf.ts";
import { tverskyIndexKnn } from "./tversky_index_knn.ts";

/** All algorithms. */
export const ALGORITHMS: readonly Algorithm[] = [
  asymmetricCosineKnn,
  asymmetricCosineUserKnn,
  bprfm,
  bspm,
  cosineKnn,
  cosineUserKnn,
  denseSlim,
  edlae,
  gfcf,
  ials,
  jaccardKnn,
  nmf,
  p3alpha,
  rp3beta,
  slim,
  sparseEase,
  topPop,
  truncatedSvd,
  turboCf,
  tverskyIndexKnn,
];

/**
 * The algorithm of a canonical name.
 *
 * @throws {RangeError} When there is none.
 */
export function algorithmByName(name: string): Algorithm {
  const found = ALGORITHMS.find((algorithm) => algorithm.name === name);
  if (found) return found;
  throw new RangeError(`There is no algorithm ${name}`);
}
