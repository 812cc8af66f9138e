import { cosineUserKnn } from "../../algorithms/cosine_user_knn.ts";
import { loadModel } from "../../core/models/load_model.ts";
import { assertClose } from "./assert_close.ts";
import { count, norm } from "./expected_neighbours.ts";
import { expectedUserScores, userScores } from "./expected_user_scores.ts";
import { column, dot, fitDense, scoreRow, WEIGHTED } from "./fit_dense.ts";

Deno.test("CosineUserKNN sums what the most alike users have, the user's own row left out", async () => {
  for (const top_k of [2, 3, 10]) {
    const model = await fitDense(cosineUserKnn, WEIGHTED, {
      top_k,
      shrinkage: 0.4,
    });
    assertClose(
      userScores(model),
      expectedUserScores(
        top_k,
        (a, b) => dot(a, b) / (norm(a) * norm(b) + 0.4),
      ),
    );
  }
});

Deno.test("CosineUserKNN without normalize weighs by products alone", async () => {
  const params = { top_k: 3, normalize: false, shrinkage: 9 };
  assertClose(
    userScores(await fitDense(cosineUserKnn, WEIGHTED, params)),
    expectedUserScores(3, dot),
  );
});

Deno.test("CosineUserKNN weights the other user's items by TF-IDF", async () => {
  const idf = WEIGHTED[0]!.map((_, item) =>
    Math.log(WEIGHTED.length / (count(column(WEIGHTED, item)) + 1))
  );
  const params = { top_k: 3, feature_weighting: "TF_IDF" };
  assertClose(
    userScores(await fitDense(cosineUserKnn, WEIGHTED, params)),
    expectedUserScores(3, (a, b) => {
      const weighted = b.map((value, item) => value * idf[item]!);
      return dot(a, weighted) / (norm(a) * norm(weighted) + 1e-6);
    }),
  );
});

Deno.test("CosineUserKNN finds a newcomer's neighbours as it would in training", async () => {
  const newcomer = [0, 2, 0, 1, 0, 1];
  for (const normalize of [true, false]) {
    const params = { normalize, shrinkage: 0.3 };
    const model = await fitDense(cosineUserKnn, WEIGHTED, {
      ...params,
      top_k: 2,
    });
    // In training one place goes to the user.
    const all = [...WEIGHTED, newcomer];
    const trained = await fitDense(cosineUserKnn, all, { ...params, top_k: 3 });
    const out = new Float32Array(newcomer.length);
    const none = { items: new Uint32Array(), weights: new Float32Array() };
    trained.scoreUser(WEIGHTED.length, none, out);
    assertClose([scoreRow(model, newcomer)], [Array.from(out)]);
  }
});

Deno.test("CosineUserKNN scores the items of a user's own history alone differently for the history", async () => {
  const model = await fitDense(cosineUserKnn, WEIGHTED);
  userScores(model).forEach((scores, user) => {
    const row = WEIGHTED[user]!;
    const hidden = (values: number[]) =>
      values.map((value, item) => row[item] === 0 ? value : 0);
    assertClose([hidden(scoreRow(model, row))], [hidden(scores)]);
  });
});

Deno.test("CosineUserKNN finds items alike by the cosine of their users", async () => {
  const model = await fitDense(cosineUserKnn, WEIGHTED);
  const out = new Float32Array(WEIGHTED[0]!.length);
  model.similar(Uint32Array.of(0, 4), out);
  const cosine = (a: number[], b: number[]) =>
    norm(b) === 0 ? 0 : dot(a, b) / (norm(a) * norm(b));
  const expected = WEIGHTED[0]!.map((_, item) =>
    (cosine(column(WEIGHTED, 0), column(WEIGHTED, item)) +
      cosine(column(WEIGHTED, 4), column(WEIGHTED, item))) / 2
  );
  assertClose([Array.from(out)], [expected]);
});

Deno.test("CosineUserKNN scores the same after its tensors were loaded", async () => {
  const model = await fitDense(cosineUserKnn, WEIGHTED);
  const loaded = loadModel(model.kind, model.tensors(), {
    users: WEIGHTED.length,
    items: WEIGHTED[0]!.length,
  });
  assertClose(userScores(loaded), userScores(model));
  assertClose([scoreRow(loaded, [1, 0, 0, 2, 0, 0])], [
    scoreRow(model, [1, 0, 0, 2, 0, 0]),
  ]);
});
