/**
 * The customers of the example, and models of every kind over what they bought.
 *
 * @module
 */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { algorithmByName } from "../../algorithms/mod.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import { DenseSimilarityModel } from "../../core/models/dense_similarity.ts";
import { ItemTable } from "../../core/models/item_table.ts";
import type { Model } from "../../core/models/model.ts";
import { ProjectionModel } from "../../core/models/projection.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { compressModel } from "../../train/compress_model.ts";
import type { Interactions } from "../../train/data/interactions.ts";
import { readRetail } from "../../bench/read_retail.ts";
import { fit } from "../algorithms/fit.ts";

/** Name → a model of its kind, fitted quickly: what it says of customers does not matter. */
export const MODELS: Readonly<
  Record<string, (matrix: Interactions["matrix"]) => Promise<Model>>
> = {
  "popularity": fitted("TopPop"),
  "similarity": fitted("CosineKNN", { top_k: 50 }),
  "similarity, int8": async (matrix) =>
    compressModel(await fitted("CosineKNN")(matrix), {
      topK: 30,
      per: "target",
      precision: "int8",
    }),
  // Weights that no fit gives; to fit these kinds takes long.
  "dense_similarity": ({ cols }) =>
    Promise.resolve(
      new DenseSimilarityModel(
        scattered(cols * cols),
        cols,
      ),
    ),
  "factors": fitted("IALS", { n_components: 16, train_epochs: 1 }),
  "biased_factors": fitted("BPRFM", { n_components: 16, train_epochs: 1 }),
  "non_negative_factors": fitted("NMF", { n_components: 8 }),
  "projection": ({ cols }) =>
    Promise.resolve(new ProjectionModel(scattered(cols * 8), 8)),
  "user_similarity": fitted("CosineUserKNN"),
};

/** Numbers between -0.5 and 0.5. */
function scattered(length: number): Float32Array {
  return new Float32Array(length)
    .map((_, n) => Math.imul(n, 0x9e3779b1) / 2 ** 32);
}

function fitted(
  name: string,
  params: Readonly<Record<string, unknown>> = {},
): (matrix: Interactions["matrix"]) => Promise<Model> {
  return async (matrix) => {
    const algorithm: Algorithm = algorithmByName(name);
    const kernels: Kernels = await createKernels({ threads: 2 });
    try {
      return await fit(algorithm, matrix, params, { kernels });
    } finally {
      kernels.close();
    }
  };
}

/** The customers' purchases, and a recommender of a model over them, whose items have fields of every type. */
export async function retail(): Promise<{
  readonly interactions: Interactions;
  recommender(model: Model): Recommender;
}> {
  const { interactions } = await readRetail();
  const { users, items, matrix: seen } = interactions;
  const numbers = Array.from({ length: items.size }, (_, n) => n);
  const table = ItemTable.from(items.size, [
    {
      name: "title",
      type: "text",
      values: numbers.map((n) => n % 7 === 0 ? null : `Item "${n}", ü`),
    },
    { name: "price", type: "number", values: numbers.map((n) => n / 8) },
    { name: "new", type: "boolean", values: numbers.map((n) => n % 3 === 0) },
  ]);
  return {
    interactions,
    recommender: (model) =>
      new Recommender({ model, users, items, seen, table }),
  };
}
