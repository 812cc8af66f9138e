import type { ScoreKernels } from "../kernels/kernels.ts";
import type { RankedItems } from "./_pin.ts";

/** The best `limit` items by their scores; fewer when there are no more. */
export function best(
  kernels: ScoreKernels,
  scores: Float32Array,
  limit: number,
): RankedItems {
  const most = Math.min(limit, scores.length);
  const items = new Uint32Array(most);
  const values = new Float32Array(most);
  if (most === 0) return { items, scores: values };
  const count = kernels.topK(scores, most, items, values);
  return count === most ? { items, scores: values } : {
    items: items.subarray(0, count),
    scores: values.subarray(0, count),
  };
}
