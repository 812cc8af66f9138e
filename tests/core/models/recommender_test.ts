import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { createReferenceScoreKernels } from "../../../core/kernels/create_reference_score_kernels.ts";
import { IdMap } from "../../../core/models/id_map.ts";
import { ItemTable } from "../../../core/models/item_table.ts";
import type { NamedTensors } from "../../../core/models/model.ts";
import { PopularityModel } from "../../../core/models/popularity.ts";
import type { Recommended } from "../../../core/models/recommend_options.ts";
import {
  Recommender,
  type RecommenderParts,
} from "../../../core/models/recommender.ts";
import { SimilarityModel } from "../../../core/models/similarity.ts";
import { fromDense, integerCsr, integers } from "../kernels/matrices.ts";
import { assertFormChecked, f32, u32 } from "./tensors.ts";

/** What two users have of four items, and weights from item to item. */
const SEEN = fromDense([[1, 3, null, null], [null, null, null, 2]]);
const WEIGHTS = fromDense([
  [null, 1, 2, null],
  [1, null, 0.5, 4],
  [null, null, null, 1],
  [3, 1, 1, null],
]);

function recommender(parts: Partial<RecommenderParts> = {}): Recommender {
  return new Recommender({
    model: new SimilarityModel(WEIGHTS),
    users: IdMap.from(["ann", "bob"]).map,
    items: IdMap.from(["a", "b", "c", "d"]).map,
    seen: SEEN,
    table: ItemTable.from(4, [
      { name: "price", type: "number", values: [1, null, 3, 4] },
    ]),
    ...parts,
  });
}

/** A recommender that ranks by given scores, for one user with a history. */
function byScores(
  scores: readonly number[],
  history: readonly number[] = [],
): Recommender {
  return recommender({
    model: new PopularityModel(Float32Array.from(scores)),
    users: IdMap.from(["ann"]).map,
    items: IdMap.from(scores.map((_, item) => `${100 + item}`)).map,
    seen: fromDense([
      scores.map((_, item) => history.includes(item) ? 1 : null),
    ]),
    table: null,
  });
}

function assertItems(actual: Recommended, wanted: readonly number[]): void {
  assertEquals([...actual.items], wanted);
  assertEquals(actual.scores.length, wanted.length);
}

Deno.test("Recommender.recommend() scores a user by the weights of the own history, which is left out", () => {
  const { items, scores } = recommender().recommend(0, { limit: 4 });
  assertEquals(items, Uint32Array.of(3, 2));
  assertEquals(scores, Float32Array.of(12, 3.5));
  // The other user's answer owes nothing to the first one's.
  assertEquals(recommender().recommend(1, { limit: 4 }), {
    items: Uint32Array.of(0, 1, 2),
    scores: Float32Array.of(6, 2, 2),
    seen: 1,
    filtered: 0,
  });
});

Deno.test("Recommender.recommend() takes all weights to be 1 when the seen matrix has none", () => {
  const { values: _, ...seen } = SEEN;
  const { scores } = recommender({ seen }).recommend(0, { limit: 4 });
  assertEquals(scores, Float32Array.of(4, 2.5));
});

Deno.test("Recommender.recommend() leaves out the seen and the excluded before it cuts", () => {
  const from = byScores([9, 8, 7, 6, 5, 4], [0]);
  assertItems(from.recommend(0, { limit: 2 }), [1, 2]);
  const exclude = Uint32Array.of(4, 1, 2, 0);
  assertItems(from.recommend(0, { limit: 2, exclude }), [3, 5]);
  // What was excluded once is back the next time.
  assertItems(from.recommend(0, { limit: 2 }), [1, 2]);
});

Deno.test("Recommender.recommend() breaks ties by index", () => {
  assertItems(
    byScores([1, 2, 1, 2, 2, 1]).recommend(0, { limit: 5 }),
    [1, 3, 4, 0, 2],
  );
});

Deno.test("Recommender.recommend() drops scores that are not finite", () => {
  const scores = [NaN, 1, Infinity, -1, -Infinity, 0];
  assertItems(byScores(scores).recommend(0, { limit: 6 }), [1, 5, 3]);
});

Deno.test("Recommender.recommend() gives what there is when the limit is above the catalogue, nothing at 0", () => {
  const from = byScores([1, 2, 3], [2]);
  assertItems(from.recommend(0, { limit: Number.MAX_SAFE_INTEGER }), [1, 0]);
  assertItems(from.recommend(0, { limit: 0 }), []);
  assertItems(byScores([1], [0]).recommend(0, { limit: 1 }), []);
});

Deno.test("Recommender.recommend() refuses a user who is not there", () => {
  for (const user of [-1, 2, NaN]) {
    assertThrows(
      () => recommender().recommend(user, { limit: 1 }),
      RangeError,
      `Cannot recommend to user ${user}: there are 2 users`,
    );
  }
});

Deno.test("Recommender.recommend() agrees with sorting, whatever is seen, excluded and asked for", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 12 }).chain((items) =>
      fc.record({
        scores: integers(items),
        seen: integerCsr(1, items),
        excluded: fc.array(fc.nat({ max: items - 1 })),
        limit: fc.nat({ max: items + 2 }),
      })
    ),
    ({ scores, seen, excluded, limit }) => {
      const from = recommender({
        model: new PopularityModel(scores),
        users: IdMap.from(["ann"]).map,
        items: IdMap.from(Array.from(scores, (_, item) => `${100 + item}`)).map,
        seen,
        table: null,
      });
      const exclude = Uint32Array.from(excluded);
      const out = new Set([...seen.indices, ...excluded]);
      const wanted = Array.from(scores, (_, item) => item)
        .filter((item) => !out.has(item))
        .sort((a, b) => scores[b]! - scores[a]! || a - b)
        .slice(0, limit);
      const actual = from.recommend(0, { limit, exclude });
      assertItems(actual, wanted);
      assertEquals([...actual.scores], wanted.map((item) => scores[item]!));
    },
  ));
});

Deno.test("Recommender.recommendFor() scores any history, and leaves it and the excluded out", () => {
  const history = {
    items: Uint32Array.of(1, 2),
    weights: Float32Array.of(2, 1),
  };
  const from = recommender();
  assertEquals(from.recommendFor(history, { limit: 9 }), {
    items: Uint32Array.of(3, 0),
    scores: Float32Array.of(9, 2),
    seen: 2,
    filtered: 0,
  });
  const exclude = Uint32Array.of(3);
  assertItems(from.recommendFor(history, { limit: 1, exclude }), [0]);
});

Deno.test("Recommender.related() ranks by likeness, and leaves the items themselves out", () => {
  const from = recommender();
  assertEquals(from.related(Uint32Array.of(0), { limit: 2 }), {
    items: Uint32Array.of(2, 1),
    scores: Float32Array.of(2, 1),
    seen: 1,
    filtered: 0,
  });
  const exclude = Uint32Array.of(2);
  assertItems(
    from.related(Uint32Array.of(0, 3), { limit: 9, exclude }),
    [1],
  );
});

Deno.test("Recommender answers with what no later call changes", () => {
  const from = byScores([3, 2, 1]);
  const first = from.recommend(0, { limit: 2 });
  from.recommend(0, { limit: 3, exclude: Uint32Array.of(0) });
  assertItems(first, [0, 1]);
  assertEquals(first.scores, Float32Array.of(3, 2));
});

Deno.test("Recommender works without users and without items", () => {
  const noUsers = recommender({
    users: IdMap.from([]).map,
    seen: fromDense([], 4),
  });
  assertThrows(() => noUsers.recommend(0, { limit: 1 }), RangeError);
  assertItems(noUsers.related(Uint32Array.of(2), { limit: 1 }), [3]);
  const noItems = recommender({
    model: new PopularityModel(new Float32Array()),
    items: IdMap.from([]).map,
    seen: fromDense([[], []]),
    table: null,
  });
  for (
    const from of [noItems, Recommender.load("popularity", noItems.tensors())]
  ) {
    assertItems(from.recommend(0, { limit: 5 }), []);
  }
  const back = Recommender.load("similarity", noUsers.tensors());
  assertItems(back.related(Uint32Array.of(2), { limit: 1 }), [3]);
});

Deno.test("Recommender refuses parts whose sizes do not fit", () => {
  const cases: [Partial<RecommenderParts>, string][] = [
    [
      { model: new PopularityModel(new Float32Array(3)) },
      "The model scores 3 items, must score 4",
    ],
    [{ seen: fromDense([[1, 1, 1, 1]]) }, "is 1 × 4, must be 2 × 4"],
    [{ seen: fromDense([[1], [1]]) }, "is 2 × 1, must be 2 × 4"],
  ];
  for (const [parts, message] of cases) {
    assertThrows(() => recommender(parts), RangeError, message);
  }
});

Deno.test("Recommender.load() opens what tensors() gives, without copies", () => {
  const before = recommender();
  const tensors = before.tensors();
  const after = Recommender.load("similarity", tensors);
  for (const [name, { data }] of Object.entries(after.tensors())) {
    // Names of fields are encoded anew.
    if (name.startsWith("table.")) continue;
    assertStrictEquals(data, tensors[name]!.data);
  }
  assertEquals(after.tensors(), tensors);
  assertEquals(after.users.indexOf("bob"), 1);
  assertEquals(after.items.id(2), "c");
  assertEquals(after.table!.row(1), { price: null });
  for (const user of [0, 1]) {
    assertEquals(
      after.recommend(user, { limit: 4 }),
      before.recommend(user, { limit: 4 }),
    );
  }
});

Deno.test("Recommender.tensors() leaves the seen values out when all are 1, and the table when there is none", () => {
  const seen = { ...SEEN, values: new Float32Array(3).fill(1) };
  const before = recommender({ seen, table: null });
  const names = Object.keys(before.tensors());
  assertEquals(names.filter((name) => /^(seen|table)/.test(name)), [
    "seen.indptr",
    "seen.indices",
  ]);
  const after = Recommender.load("similarity", before.tensors());
  assertEquals(after.table, null);
  assertEquals(
    after.recommend(0, { limit: 4 }),
    before.recommend(0, { limit: 4 }),
  );
});

Deno.test("Recommender ranks by the kernels that it is given", () => {
  const kernels = {
    ...createReferenceScoreKernels(),
    topK(...args: readonly unknown[]) {
      (args[2] as Uint32Array)[0] = 2;
      return 1;
    },
  };
  const tensors = recommender().tensors();
  for (
    const from of [
      recommender({ kernels }),
      Recommender.load("similarity", tensors, kernels),
    ]
  ) assertItems(from.recommend(0, { limit: 3 }), [2]);
});

Deno.test("Recommender.load() refuses tensors of another form", () => {
  // The table has tests of its own, and the seen values need not be there.
  const good = Object.fromEntries(
    Object.entries(recommender().tensors()).filter(([name]) =>
      !name.startsWith("table.") && name !== "seen.values"
    ),
  );
  for (const group of ["users", "items", "seen", "model"]) {
    assertFormChecked(
      (tensors) => Recommender.load("similarity", tensors),
      good,
      `${group}.surplus`,
    );
  }
});

Deno.test("Recommender.load() refuses contents that do not fit together, and what has no place in it", () => {
  const good = recommender().tensors();
  const cases: [NamedTensors, string][] = [
    [{ "users.offsets": u32(0, 6, 6) }, "Ids of users cannot be used"],
    [{ "items.offsets": u32(0, 1, 2, 2, 4) }, "Ids of items cannot be used"],
    [{ "users.offsets": u32(0, 6) }, "must have shape 2"],
    [{ "items.offsets": u32(0, 1, 2, 4) }, "must ascend and be below 3"],
    [{ "seen.indptr": u32(0, 3, 2) }, "must cover its 3 entries"],
    [{ "seen.indices": u32(1, 0, 3) }, "Row 0 of seen matrix has column 0"],
    [{ "seen.indices": u32(0, 1, 4) }, "Row 1 of seen matrix has column 4"],
    [{ "seen.values": f32([1, 2]) }, "must have shape 3"],
    [{ "seen.values": f32([1, NaN, 2]) }, "must be finite"],
  ];
  for (const [changes, message] of cases) {
    assertThrows(
      () => Recommender.load("similarity", { ...good, ...changes }),
      RangeError,
      message,
    );
  }
  for (const name of ["extra", "users", "modelling.x", "__proto__.x"]) {
    assertThrows(
      () => Recommender.load("similarity", { ...good, [name]: u32() }),
      TypeError,
      `Tensor "${name}" has no place in a recommender`,
    );
  }
  assertThrows(
    () => Recommender.load("similarity", { ...good, "seen.values": u32() }),
    TypeError,
    "must be f32",
  );
  assertThrows(() => Recommender.load("other", good), TypeError, "is unknown");
  assertThrows(() => Recommender.load("factors", good), TypeError, "no tensor");
});
