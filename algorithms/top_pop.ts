import { z } from "zod";
import { PopularityModel } from "../core/models/popularity.ts";
import type { Model } from "../core/models/model.ts";
import { requireFinite } from "./_require_finite.ts";
import type { Algorithm } from "./algorithm.ts";

/** TopPop has no parameters. */
export type TopPopParams = Record<string, never>;

/** The most popular items for everyone: an item's score is the sum of its column. O(non-zeros). */
export const topPop: Algorithm<TopPopParams> = {
  name: "TopPop",
  aliases: [],
  reference: "The baseline of every comparison; no paper",
  params: z.strictObject({}),
  space: {},
  cost({ items, nonZeros }) {
    return { bytes: 4 * items, flops: nonZeros };
  },
  // deno-lint-ignore require-await -- a refusal must be a rejected promise
  async fit(matrix, _params, { signal }): Promise<Model> {
    signal.throwIfAborted();
    const sums = new Float64Array(matrix.cols);
    for (const [n, item] of matrix.indices.entries()) {
      sums[item]! += matrix.values[n]!;
    }
    const scores = Float32Array.from(sums);
    requireFinite(
      scores,
      "TopPop overflowed: the sum of an item's interaction weights is not finite; scale them down",
    );
    return new PopularityModel(scores);
  },
};
