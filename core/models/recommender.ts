/**
 * A model joined with what it speaks of: users, items, what each user has, and the items' fields.
 *
 * @module
 */
import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { ScoreKernels } from "../kernels/kernels.ts";
import { best } from "./_best.ts";
import { bestBounded } from "./_best_bounded.ts";
import { boost } from "./_boost.ts";
import { diversify } from "./_diversify.ts";
import { FilterMasks } from "./filter_masks.ts";
import { ItemOverlap } from "./_item_overlap.ts";
import { leaveOut } from "./_leave_out.ts";
import { pin } from "./_pin.ts";
import {
  groupByPrefix,
  idTensors,
  loadIds,
  loadSeen,
  prefixed,
} from "./_recommender_tensors.ts";
import { vector } from "./_vector.ts";
import type { IdMap } from "./id_map.ts";
import { ItemTable } from "./item_table.ts";
import { loadModel } from "./load_model.ts";
import type { Bounded, History, Model, NamedTensors } from "./model.ts";
import type {
  ItemPin,
  Recommended,
  RecommendOptions,
} from "./recommend_options.ts";
import type { SeenMatrix } from "./seen_matrix.ts";

/** What a {@linkcode Recommender} is made of. */
export interface RecommenderParts {
  /** What scores. */
  readonly model: Model;
  /** Ids of the users. */
  readonly users: IdMap;
  /** Ids of the items. */
  readonly items: IdMap;
  /** Users × items: what each user has, with the weights that the model was fitted on; all 1 when not given. */
  readonly seen: SeenMatrix;
  /** Fields of the items, if there are any. */
  readonly table: ItemTable | null;
  /** Default: plain TypeScript. */
  readonly kernels?: ScoreKernels;
}

/**
 * Ranks items for users. What a user has, and what is excluded, is left out before the list is cut; scores that are not
 * finite are dropped.
 *
 * @example Related items, a visitor's basket, and what stands behind an answer
 * ```ts
 * import { IdMap } from "./id_map.ts";
 * import { ItemTable } from "./item_table.ts";
 * import { Recommender } from "./recommender.ts";
 * import { SimilarityModel } from "./similarity.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const recommender = new Recommender({
 *   model: new SimilarityModel({
 *     rows: 4,
 *     cols: 4,
 *     indptr: Uint32Array.of(0, 2, 4, 5, 5),
 *     indices: Uint32Array.of(1, 2, 0, 3, 0),
 *     values: Float32Array.of(1, 3, 1, 2, 2),
 *   }),
 *   users: IdMap.from(["ann"]).map,
 *   items: IdMap.from(["emma", "ivanhoe", "persuasion", "waverley"]).map,
 *   seen: { rows: 1, cols: 4, indptr: Uint32Array.of(0, 2), indices: Uint32Array.of(0, 1) },
 *   table: ItemTable.from(4, [{ name: "year", type: "number", values: [1815, 1819, 1817, 1814] }]),
 * });
 * const indices = (...ids: string[]) => Uint32Array.from(ids, (id) => recommender.items.indexOf(id));
 * const ids = (items: Uint32Array) => Array.from(items, (item) => recommender.items.id(item));
 *
 * const related = recommender.related(indices("emma"), { limit: 2 });
 * assertEquals(ids(related.items), ["persuasion", "ivanhoe"]);
 *
 * const basket = { items: indices("ivanhoe", "persuasion"), weights: Float32Array.of(1, 1) };
 * const { items, seen } = recommender.recommendFor(basket, { limit: 1, exclude: indices("waverley") });
 * assertEquals([ids(items), seen], [["emma"], 2]);
 * assertEquals(recommender.explain(basket, items), Float32Array.of(1, 2));
 *
 * const newer = recommender.popular({ limit: 5, filter: { field: "year", gte: 1818 } });
 * assertEquals(ids(newer.items), ["ivanhoe"]);
 * ```
 */
export class Recommender implements Disposable {
  /** Ids of the users. */
  readonly users: IdMap;
  /** Ids of the items. */
  readonly items: IdMap;
  /** Fields of the items, if there are any. */
  readonly table: ItemTable | null;
  readonly #model: Model;
  readonly #seen: SeenMatrix;
  /** As long as the longest history, when the seen matrix has no values. */
  readonly #ones: Float32Array;
  readonly #kernels: ScoreKernels;
  readonly #masks: FilterMasks;
  #popularity: Float32Array | null = null;
  #overlap: ItemOverlap | null = null;

  /**
   * Joins the parts.
   *
   * @throws {RangeError} When their sizes do not fit.
   */
  constructor({ model, users, items, seen, table, kernels }: RecommenderParts) {
    if (model.itemCount !== items.size) {
      throw new RangeError(
        `The model scores ${model.itemCount} items, must score ${items.size}`,
      );
    }
    if (seen.rows !== users.size || seen.cols !== items.size) {
      throw new RangeError(
        `The seen matrix is ${seen.rows} × ${seen.cols}, must be ${users.size} × ${items.size}`,
      );
    }
    this.users = users;
    this.items = items;
    this.table = table;
    this.#model = model;
    this.#seen = seen;
    this.#ones = new Float32Array(seen.values ? 0 : longestRow(seen)).fill(1);
    this.#kernels = kernels ?? createReferenceScoreKernels();
    this.#masks = new FilterMasks(table, items.size);
  }

  /**
   * Opens the tensors of {@linkcode Recommender.tensors}, without copies. Everything that scoring relies on is checked;
   * linear time.
   *
   * @param kind As `Model.kind`.
   * @throws {TypeError | RangeError} When the kind is unknown or the tensors are not what the kind holds.
   */
  static load(
    kind: string,
    tensors: NamedTensors,
    kernels?: ScoreKernels,
  ): Recommender {
    const groups = groupByPrefix(tensors);
    const users = loadIds("users", groups.users);
    const items = loadIds("items", groups.items);
    return new Recommender({
      users,
      items,
      seen: loadSeen(groups.seen, users.size, items.size),
      table: ItemTable.load(groups.table, items.size),
      // Last, because it takes memory of the kernels, which an error of another part would leave taken.
      model: loadModel(kind, groups.model, {
        users: users.size,
        items: items.size,
        ...(kernels && { kernels }),
      }),
      ...(kernels && { kernels }),
    });
  }

  /** Everything as tensors: `users.*`, `items.*`, `seen.*`, `model.*`, `table.*`. */
  tensors(): NamedTensors {
    const { indptr, indices, values } = this.#seen;
    const counts = values?.some((value) => value !== 1) ? values : null;
    return {
      ...prefixed("users", idTensors(this.users)),
      ...prefixed("items", idTensors(this.items)),
      ...prefixed("seen", {
        indptr: vector(indptr),
        indices: vector(indices),
        ...(counts && { values: vector(counts) }),
      }),
      ...prefixed("model", this.#model.tensors()),
      ...prefixed("table", this.table?.tensors() ?? {}),
    };
  }

  /** Gives back the memory of the kernels that the model holds beside its tensors; it must not be used any more. */
  [Symbol.dispose](): void {
    this.#model.bounded?.[Symbol.dispose]();
  }

  /**
   * Ranks items for a known user; `user` is an index of {@linkcode Recommender.users}.
   *
   * @throws {RangeError} When there is no such user, or when a filter or a cap names a field that the items do not have
   * or compares it with a value of another type.
   */
  recommend(user: number, options: RecommendOptions): Recommended {
    const history = this.history(user);
    const scores = this.#kernels.scores(this.items.size);
    const { bounded } = this.#model;
    if (
      bounded && !isShaped(options) && bounded.boundUser(user, history, scores)
    ) return this.#rankBounded(scores, history.items, options, bounded);
    this.#model.scoreUser(user, history, scores);
    return this.#rank(scores, history.items, options);
  }

  /** Ranks items for many known users, one after another. */
  *recommendMany(
    users: Iterable<number>,
    options: RecommendOptions,
  ): Generator<Recommended, void> {
    for (const user of users) yield this.recommend(user, options);
  }

  /**
   * Ranks items for anyone with a history, such as what lies in the basket of a visitor.
   *
   * @throws {RangeError} As {@linkcode Recommender.recommend}.
   */
  recommendFor(history: History, options: RecommendOptions): Recommended {
    const scores = this.#kernels.scores(this.items.size);
    const { bounded } = this.#model;
    if (
      bounded && !isShaped(options) && bounded.boundHistory(history, scores)
    ) {
      return this.#rankBounded(scores, history.items, options, bounded);
    }
    this.#model.scoreHistory(history, scores);
    return this.#rank(scores, history.items, options);
  }

  /**
   * Ranks items by their likeness to `items`, which are left out.
   *
   * @throws {RangeError} As {@linkcode Recommender.recommend}.
   */
  related(items: Uint32Array, options: RecommendOptions): Recommended {
    const scores = this.#kernels.scores(this.items.size);
    this.#model.similar(items, scores);
    return this.#rank(scores, items, options);
  }

  /**
   * Ranks items by how much all users have of them, for those of whom nothing is known. Linear in what is seen at the
   * first call.
   *
   * @throws {RangeError} As {@linkcode Recommender.recommend}.
   */
  popular(options: RecommendOptions): Recommended {
    const scores = this.#kernels.scores(this.items.size);
    scores.set(this.#popularity ??= columnSums(this.#seen));
    return this.#rank(scores, NOTHING, options);
  }

  /**
   * How much each item of a history says for each of `items`: row-major, items × history. Rows sum to the score that
   * {@linkcode Recommender.recommendFor} gives, as far as the kind of model can be taken apart, see `Model.influences`.
   */
  explain(history: History, items: Uint32Array): Float32Array {
    const out = new Float32Array(items.length * history.items.length);
    this.#model.influences(history, items, out);
    return out;
  }

  /**
   * What a known user has.
   *
   * @throws {RangeError} When there is no such user.
   */
  history(user: number): History {
    const { rows, indptr, indices, values } = this.#seen;
    if (!(user >= 0 && user < rows)) {
      throw new RangeError(
        `Cannot recommend to user ${user}: there are ${rows} users`,
      );
    }
    const begin = indptr[user]!;
    const end = indptr[user + 1]!;
    return {
      items: indices.subarray(begin, end),
      weights: values?.subarray(begin, end) ??
        this.#ones.subarray(0, end - begin),
    };
  }

  /** Ranks by the scores that a model has just written. */
  #rank(
    scores: Float32Array,
    seen: Uint32Array,
    options: RecommendOptions,
  ): Recommended {
    const { limit, offset = 0, boosts, diversity, pins = NO_PINS } = options;
    const pinned = pins.map(({ item }) => scores[item]!);
    const left = leaveOut(scores, seen, options, this.#masks);
    if (boosts) boost(scores, boosts, this.#masks);
    // What is pinned below may be among the best, and then leaves its place there.
    const most = offset + limit + pins.length;
    let ranked = diversity
      ? diversify(
        best(this.#kernels, scores, most * POOL),
        most,
        diversity,
        this.table,
        () => this.#overlap ??= new ItemOverlap(this.#seen),
      )
      : best(this.#kernels, scores, most);
    if (pins.length > 0) ranked = pin(ranked, pins, pinned, offset + limit);
    return {
      items: offset > 0 ? ranked.items.subarray(offset) : ranked.items,
      scores: offset > 0 ? ranked.scores.subarray(offset) : ranked.scores,
      seen: left.seen,
      filtered: left.filtered,
    };
  }

  #rankBounded(
    bounds: Float32Array,
    seen: Uint32Array,
    options: RecommendOptions,
    bounded: Bounded,
  ): Recommended {
    const { limit, offset = 0 } = options;
    const left = leaveOut(bounds, seen, options, this.#masks);
    const { items, scores } = bestBounded(
      this.#kernels,
      bounds,
      bounded,
      offset + limit,
    );
    return {
      items: items.subarray(offset),
      scores: scores.subarray(offset),
      ...left,
    };
  }
}

const NOTHING = new Uint32Array();
const NO_PINS: readonly ItemPin[] = [];
/** Items that diversity chooses from, per place of the list. */
const POOL = 5;

/** Whether the order is by more than the scores. */
function isShaped({ boosts, diversity, pins }: RecommendOptions): boolean {
  return boosts !== undefined || diversity !== undefined || pins !== undefined;
}

/** How much all users have of each item. */
function columnSums({ cols, indices, values }: SeenMatrix): Float32Array {
  const sums = new Float64Array(cols);
  for (let n = 0; n < indices.length; n++) {
    sums[indices[n]!]! += values?.[n] ?? 1;
  }
  return Float32Array.from(sums);
}

function longestRow({ rows, indptr }: SeenMatrix): number {
  let longest = 0;
  for (let row = 0; row < rows; row++) {
    longest = Math.max(longest, indptr[row + 1]! - indptr[row]!);
  }
  return longest;
}
