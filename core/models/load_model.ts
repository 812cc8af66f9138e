import type { ScoreKernels } from "../kernels/kernels.ts";
import { BiasedFactorsModel } from "./biased_factors.ts";
import { DenseSimilarityModel } from "./dense_similarity.ts";
import { FactorsModel } from "./factors.ts";
import type { Model, ModelKind, NamedTensors } from "./model.ts";
import { NonNegativeFactorsModel } from "./non_negative_factors.ts";
import { PopularityModel } from "./popularity.ts";
import { ProjectionModel } from "./projection.ts";
import { SimilarityModel } from "./similarity.ts";
import { UserSimilarityModel } from "./user_similarity.ts";

/** What a model is opened for. */
export interface LoadOptions {
  /** Number of users. */
  readonly users: number;
  /** Number of items. */
  readonly items: number;
  readonly kernels?: ScoreKernels;
}

/** The kinds that an artifact may hold; any other is refused. */
const KINDS: Readonly<
  Record<ModelKind, (tensors: NamedTensors, options: LoadOptions) => Model>
> = {
  popularity: (tensors, { items }) => PopularityModel.load(tensors, items),
  similarity: (tensors, { items, kernels }) =>
    SimilarityModel.load(tensors, items, kernels),
  dense_similarity: (tensors, { items, kernels }) =>
    DenseSimilarityModel.load(tensors, items, kernels),
  factors: (tensors, { users, items, kernels }) =>
    FactorsModel.load(tensors, users, items, kernels),
  biased_factors: (tensors, { users, items, kernels }) =>
    BiasedFactorsModel.load(tensors, users, items, kernels),
  non_negative_factors: (tensors, { users, items, kernels }) =>
    NonNegativeFactorsModel.load(tensors, users, items, kernels),
  projection: (tensors, { items, kernels }) =>
    ProjectionModel.load(tensors, items, kernels),
  user_similarity: (tensors, { users, items, kernels }) =>
    UserSimilarityModel.load(tensors, users, items, kernels),
};

/**
 * Opens a model of a kind from its tensors.
 *
 * @throws {TypeError | RangeError} When the kind is unknown or the tensors are not what it holds.
 */
export function loadModel(
  kind: string,
  tensors: NamedTensors,
  options: LoadOptions,
): Model {
  if (!Object.hasOwn(KINDS, kind)) {
    throw new TypeError(
      `Model kind ${JSON.stringify(kind)} is unknown: this version knows ${
        Object.keys(KINDS).join(", ")
      }`,
    );
  }
  return KINDS[kind as ModelKind](tensors, options);
}
