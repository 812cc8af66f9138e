/**
 * What every {@linkcode Algorithm} must do: what it declares of itself, what it learns, and what becomes of the model.
 *
 * @module
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import type { Algorithm, Dimension } from "../../algorithms/algorithm.ts";
import { decodeArtifact } from "../../artifact/decode_artifact.ts";
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Ranking } from "../../core/kernels/kernels.ts";
import { IdMap } from "../../core/models/id_map.ts";
import type { Model } from "../../core/models/model.ts";
import { Recommender } from "../../core/models/recommender.ts";
import type { Recommended } from "../../core/models/recommend_options.ts";
import { drawParams } from "../../train/search/draw.ts";
import { CAPS, HEADER, join, KEYS } from "../artifact/fixture.ts";
import { randomCsr } from "../core/kernels/matrices.ts";
import {
  checkerboard,
  fit,
  groupOfItem,
  groupOfUser,
  historyOf,
  rankByScore,
  scoresOf,
  withBothKernels,
  withKernels,
} from "./fit.ts";

/** In what an algorithm differs from the others. */
export interface Traits {
  /** Parameters with which it learns the checkerboard to the end. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Whether users and items have a say at all; otherwise the answer is popularity. */
  readonly personal?: boolean;
  /** How far the scores of a user's own history may be from the user's, the best score being about 1. */
  readonly foldInTolerance?: number;
  /**
   * Whether histories are scored by learning of another kind than users: then what is not in the history must rank as it
   * does for the user, the own group first, whatever the scores are.
   */
  readonly foldInByRank?: boolean;
  /** Whether the score of a history is a sum over it; otherwise its influences must tell the own group from the other. */
  readonly additive?: boolean;
}

type Test = (criterion: string, body: () => void | Promise<void>) => void;

/** Registers the tests of one algorithm. */
export function testAlgorithm(algorithm: Algorithm, traits: Traits): void {
  function test(criterion: string, body: () => void | Promise<void>): void {
    Deno.test(`${algorithm.name} ${criterion}`, body);
  }
  testDeclarations(test, algorithm);
  testAnswers(test, algorithm, traits);
  testInfluences(test, algorithm, traits);
  testSameness(test, algorithm);
  testServing(test, algorithm);
}

function testDeclarations(test: Test, algorithm: Algorithm): void {
  const { params, space, epochs } = algorithm;

  test("has defaults for all parameters and refuses unknown ones", () => {
    const defaults = params.parse({});
    assertEquals(params.parse(defaults), defaults);
    assertThrows(() => params.parse({ no_such_parameter: 1 }));
  });

  test("searches only where its parameters may be", () => {
    for (const [name, dimension] of Object.entries(space)) {
      assert(Object.hasOwn(params.parse({}), name), `There is no ${name}`);
      for (const value of ends(dimension)) params.parse({ [name]: value });
      if (dimension.type !== "categorical") {
        assert(dimension.low < dimension.high);
        assert(!dimension.log || dimension.low > 0);
      }
    }
  });

  test("accepts whatever the search draws", () => {
    const random = createRandom(1);
    for (let n = 0; n < 300; n++) {
      const drawn = drawParams(space, random);
      assertEquals(params.parse(drawn), { ...params.parse({}), ...drawn });
    }
  });

  test("leaves the number of epochs to early stopping", () => {
    if (epochs === undefined) return;
    const { param } = epochs;
    assert(!Object.hasOwn(space, param));
    const once = { [param]: 1 };
    assertEquals(params.parse(once), { ...params.parse({}), ...once });
  });

  test("states a cost that is positive and grows with the matrix", () => {
    const cost = (users: number, items: number, nonZeros: number) =>
      algorithm.cost({ users, items, nonZeros }, params.parse({}));
    const one = cost(1, 1, 1);
    assert(one.bytes > 0 && one.flops > 0);
    const base = cost(1000, 2000, 30_000);
    const all = cost(2000, 4000, 60_000);
    assert(all.bytes > base.bytes && all.flops > base.flops);
    assert(cost(1000, 2000, 60_000).flops > base.flops);
    for (const grown of [cost(2000, 2000, 30_000), cost(1000, 4000, 30_000)]) {
      assert(grown.bytes >= base.bytes);
    }
  });
}

function testAnswers(test: Test, algorithm: Algorithm, traits: Traits): void {
  const { personal = true, foldInTolerance = 0, foldInByRank } = traits;
  const board = checkerboard();
  const popularity = new Float32Array(board.cols);
  for (const item of board.indices) popularity[item]! += 1;

  test("ranks what the own group has above all else", () =>
    withBothKernels(async (kernels) => {
      const model = await fit(algorithm, board, traits.params, { kernels });
      for (let user = 0; user < board.rows; user++) {
        const scores = scoresOf(model, board, user);
        const seen = historyOf(board, user).items;
        const ranked = rankByScore(scores, seen);
        if (personal) {
          const [first, second] = ranked as [number, number];
          assertEquals(groupOfItem(first), groupOfUser(user));
          assert(scores[first]! > scores[second]! + 0.05);
        } else {
          assertEquals(ranked, rankByScore(popularity, seen));
        }
      }
    }));

  test("finds the items of an item's own group to be the most alike", async () => {
    const model = await fit(algorithm, board, traits.params);
    const scores = new Float32Array(board.cols);
    for (let item = 0; item < board.cols; item++) {
      model.similar(Uint32Array.of(item), scores);
      const ranked = rankByScore(scores, Uint32Array.of(item));
      const wanted = personal
        ? ranked.filter((other) => groupOfItem(other) === groupOfItem(item))
        : rankByScore(popularity, Uint32Array.of(item));
      assertEquals(ranked.slice(0, wanted.length), wanted);
    }
  });

  test("scores a user's own history as it scores the user", async () => {
    const model = await fit(algorithm, board, traits.params);
    const scores = new Float32Array(board.cols);
    for (let user = 0; user < board.rows; user++) {
      model.scoreHistory(historyOf(board, user), scores);
      const own = scoresOf(model, board, user);
      if (foldInByRank) {
        const seen = historyOf(board, user).items;
        const [first] = rankByScore(scores, seen);
        assertEquals(first, rankByScore(own, seen)[0]);
      } else if (foldInTolerance === 0) assertEquals(scores, own);
      else assertClose(scores, own, foldInTolerance);
    }
  });
}

function testInfluences(
  test: Test,
  algorithm: Algorithm,
  { personal = true, additive = true, ...traits }: Traits,
): void {
  test("takes a score apart by what each item of the history says for it", async () => {
    const board = checkerboard();
    const model = await fit(algorithm, board, traits.params);
    const scores = new Float32Array(board.cols);
    for (let user = 0; user < board.rows; user += 3) {
      const history = historyOf(board, user);
      model.scoreHistory(history, scores);
      const items = Uint32Array.of(0, board.cols - 1, 1);
      const length = history.items.length;
      const out = new Float32Array(3 * length).fill(NaN);
      model.influences(history, items, out);
      for (const [row, item] of items.entries()) {
        const parts = out.subarray(row * length, (row + 1) * length);
        const sum = parts.reduce((total, part) => total + part, 0);
        const own = groupOfItem(item) === groupOfUser(user);
        if (!personal) assertEquals(sum, 0);
        else if (additive) assertAlmostEquals(sum, scores[item]!, 1e-3);
        else assertEquals(sum > length / 2, own);
      }
    }
  });
}

function testSameness(test: Test, algorithm: Algorithm): void {
  const matrix = counts(7, 300, 90);

  test("gives the same bits for the same seed, on any number of workers", async () => {
    const results: unknown[] = [];
    for (const threads of [1, 2, 3]) {
      await withKernels(threads, async (kernels) => {
        for (let repeat = 0; repeat < 2; repeat++) {
          const model = await fit(algorithm, matrix, {}, { kernels });
          results.push(model.tensors());
        }
      });
    }
    for (const result of results) assertEquals(result, results[0]);
  });

  test("learns the same in WebAssembly as in plain TypeScript, within 0.1 %", async () => {
    const models: Model[] = [];
    await withBothKernels(async (kernels) => {
      models.push(await fit(algorithm, matrix, {}, { kernels }));
    });
    for (let user = 0; user < matrix.rows; user += 7) {
      const [one, other] = models.map((model) => scoresOf(model, matrix, user));
      assertClose(other!, one!, 1e-3 * Math.max(...one!.map(Math.abs)));
    }
  });
}

function testServing(test: Test, algorithm: Algorithm): void {
  test("ranks many users at once as one by one", async () => {
    const matrix = counts(3, 70, 40);
    const users = Uint32Array.from({ length: 70 }, (_, n) => (n * 11) % 70);
    await withBothKernels(async (kernels) => {
      const model = await fit(algorithm, matrix, {}, { kernels });
      for (const k of [1, 7, 42]) {
        const args = { users, seen: matrix, k };
        const ranking = await model.rankUsers(kernels, matrix, args);
        assertEquals(ranking.nanCount, 0);
        users.forEach((user, row) =>
          assertRanked(
            rowOf(ranking, row),
            scoresOf(model, matrix, user),
            historyOf(matrix, user).items,
            k,
          )
        );
      }
    });
  });

  test("recommends the same after a way through an artifact", async () => {
    const matrix = counts(5, 30, 25);
    const model = await fit(algorithm, matrix);
    const before = new Recommender({
      model,
      users: numbered(matrix.rows),
      items: numbered(matrix.cols),
      seen: matrix,
      table: null,
    });
    const header = { ...HEADER, model_kind: model.kind };
    const file = join(encodeArtifact(header, before.tensors(), KEYS));
    const artifact = decodeArtifact(file, { keys: KEYS, ...CAPS });
    const after = Recommender.load(model.kind, artifact.tensors);
    const options = { limit: matrix.cols };
    for (let user = 0; user < matrix.rows; user++) {
      const history = historyOf(matrix, user);
      for (
        const ask of [
          (from: Recommender) => from.recommend(user, options),
          (from: Recommender) => from.recommendFor(history, options),
          (from: Recommender) => from.related(history.items, options),
        ] satisfies ((from: Recommender) => Recommended)[]
      ) assertEquals(ask(after), ask(before));
    }
  });
}

/** Both ends of a dimension, or all its choices. */
function ends(dimension: Dimension): readonly unknown[] {
  return dimension.type === "categorical"
    ? dimension.choices
    : [dimension.low, dimension.high];
}

/** A random matrix of small counts. */
function counts(seed: number, users: number, items: number): Csr {
  const random = createRandom(seed);
  return randomCsr(random, users, items, 0.15, () => 1 + random.int(4));
}

/** Ids in the order of their numbers. */
function numbered(n: number): IdMap {
  return IdMap.from(
    Array.from({ length: n }, (_, i) => String(i).padStart(4, "0")),
  ).map;
}

function rowOf(
  { k, indices, scores, counts }: Ranking,
  row: number,
): Pick<Recommended, "items" | "scores"> {
  const [begin, end] = [row * k, row * k + counts[row]!];
  return {
    items: indices.subarray(begin, end),
    scores: scores.subarray(begin, end),
  };
}

function assertRanked(
  actual: Pick<Recommended, "items" | "scores">,
  scores: Float32Array,
  seen: Uint32Array,
  k: number,
): void {
  const wanted = rankByScore(scores, seen).slice(0, k);
  assertEquals(new Set(actual.items).size, wanted.length);
  assertEquals(actual.items.length, wanted.length);
  const tolerance = 1e-5 * Math.max(...scores.map(Math.abs));
  for (const [at, item] of actual.items.entries()) {
    assert(!seen.includes(item));
    // Sums in another order are rounded apart, so items of nearly equal scores may trade places.
    assertAlmostEquals(scores[item]!, scores[wanted[at]!]!, tolerance);
    assertAlmostEquals(actual.scores[at]!, scores[item]!, tolerance);
    if (at === 0) continue;
    const [above, here] = [actual.scores[at - 1]!, actual.scores[at]!];
    assert(above > here || (above === here && actual.items[at - 1]! < item));
  }
}

function assertClose(
  actual: Float32Array,
  wanted: Float32Array,
  tolerance: number,
): void {
  actual.forEach((value, n) =>
    assertAlmostEquals(value, wanted[n]!, tolerance)
  );
}
