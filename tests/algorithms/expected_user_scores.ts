/** Scores by the definition of user neighbours, for {@linkcode WEIGHTED}. */
import type { Model } from "../../core/models/model.ts";
import { column, dot, keepLargest, WEIGHTED } from "./fit_dense.ts";

/** The `topK` most alike users, then without the user; `similarity` is given two rows. */
export function expectedUserScores(
  topK: number,
  similarity: (a: readonly number[], b: readonly number[]) => number,
): number[][] {
  return WEIGHTED.map((own, u) => {
    const row = WEIGHTED.map((other) =>
      dot(own, other) === 0 ? 0 : similarity(own, other)
    );
    const kept = keepLargest(row, topK).map((value, v) => u === v ? 0 : value);
    return own.map((_, item) => dot(kept, column(WEIGHTED, item)));
  });
}

/** What a model scores for each user. */
export function userScores(model: Model): number[][] {
  const none = { items: new Uint32Array(), weights: new Float32Array() };
  return WEIGHTED.map((row, user) => {
    const out = new Float32Array(row.length);
    model.scoreUser(user, none, out);
    return Array.from(out);
  });
}
