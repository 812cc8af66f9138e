/**
 * A model joined with what it speaks of: users, items, what each user has, and the items' fields.
 *
 * @module
 */
import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { Csr } from "../kernels/csr.ts";
import type { ScoreKernels } from "../kernels/kernels.ts";
import { checkPattern } from "./_check_pattern.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";
import { IdMap } from "./id_map.ts";
import { ItemTable } from "./item_table.ts";
import { loadModel } from "./load_model.ts";
import type { History, Model, NamedTensors } from "./model.ts";

/** A matrix whose values may be left out when all are 1: most are, and then they would be a third of it. */
export type SeenMatrix = Omit<Csr, "values"> & Partial<Pick<Csr, "values">>;

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

/** How many items to recommend, and which not. */
export interface RecommendOptions {
  /** Most items. */
  readonly limit: number;
  /** Items to leave out, beside those of the history. */
  readonly exclude?: Uint32Array;
  /** Whether items of the history may be recommended again; default: no. */
  readonly includeSeen?: boolean;
}

/** Items by falling score, ties by item index. */
export interface Recommended {
  /** Indices of the items. */
  readonly items: Uint32Array;
  /** Their scores. */
  readonly scores: Float32Array;
}

/**
 * Ranks items for users. What a user has, unless it is asked for, and what is excluded, is left out before the list is
 * cut; scores that are not finite are dropped.
 */
export class Recommender {
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
  readonly #scores: Float32Array;
  #popularity: Float32Array | null = null;

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
    this.#scores = new Float32Array(items.size);
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
      model: loadModel(kind, groups.model, {
        users: users.size,
        items: items.size,
        ...(kernels && { kernels }),
      }),
      table: ItemTable.load(groups.table, items.size),
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

  /** Ranks items for a known user; `user` is an index of {@linkcode Recommender.users}. */
  recommend(user: number, options: RecommendOptions): Recommended {
    const history = this.#history(user);
    this.#model.scoreUser(user, history, this.#scores);
    return this.#rank(history.items, options);
  }

  /** Ranks items for anyone with a history. */
  recommendFor(history: History, options: RecommendOptions): Recommended {
    this.#model.scoreHistory(history, this.#scores);
    return this.#rank(history.items, options);
  }

  /** Ranks items by their likeness to `items`. */
  related(items: Uint32Array, options: RecommendOptions): Recommended {
    this.#model.similar(items, this.#scores);
    return this.#rank(items, options);
  }

  /**
   * Ranks items by how much all users have of them, for those of whom nothing is known. Linear in what is seen at the
   * first call.
   */
  popular(options: RecommendOptions): Recommended {
    this.#scores.set(this.#popularity ??= columnSums(this.#seen));
    return this.#rank(NOTHING, options);
  }

  #history(user: number): History {
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

  #rank(
    seen: Uint32Array,
    { limit, exclude, includeSeen = false }: RecommendOptions,
  ): Recommended {
    const scores = this.#scores;
    const hidden = includeSeen ? NOTHING : seen;
    for (let n = 0; n < hidden.length; n++) scores[hidden[n]!] = -Infinity;
    for (const item of exclude ?? []) scores[item] = -Infinity;
    const most = Math.min(limit, scores.length);
    if (most === 0) {
      return { items: new Uint32Array(), scores: new Float32Array() };
    }
    const items = new Uint32Array(most);
    const values = new Float32Array(most);
    const count = this.#kernels.topK(scores, most, items, values);
    return count === most ? { items, scores: values } : {
      items: items.subarray(0, count),
      scores: values.subarray(0, count),
    };
  }
}

const NOTHING = new Uint32Array();

/** How much all users have of each item. */
function columnSums({ cols, indices, values }: SeenMatrix): Float32Array {
  const sums = new Float64Array(cols);
  for (let n = 0; n < indices.length; n++) {
    sums[indices[n]!]! += values?.[n] ?? 1;
  }
  return Float32Array.from(sums);
}

const PREFIXES = ["users", "items", "seen", "model", "table"] as const;
type Prefix = typeof PREFIXES[number];

function groupByPrefix(tensors: NamedTensors): Record<Prefix, NamedTensors> {
  const all = Object.entries(tensors);
  for (const [name] of all) {
    if (!PREFIXES.some((prefix) => name.startsWith(`${prefix}.`))) {
      throw new TypeError(`Tensor "${name}" has no place in a recommender`);
    }
  }
  return Object.fromEntries(PREFIXES.map((prefix) => {
    const own = all.filter(([name]) => name.startsWith(`${prefix}.`)).map(
      ([name, tensor]) => [name.slice(prefix.length + 1), tensor],
    );
    return [prefix, Object.fromEntries(own)];
  })) as Record<Prefix, NamedTensors>;
}

function prefixed(prefix: Prefix, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).map((
      [name, tensor],
    ) => [`${prefix}.${name}`, tensor]),
  );
}

function idTensors({ bytes, offsets }: IdMap): NamedTensors {
  return { bytes: vector(bytes), offsets: vector(offsets) };
}

function loadIds(what: Prefix, tensors: NamedTensors): IdMap {
  const reader = new TensorReader(`Group "${what}"`, tensors);
  const ids = new IdMap(
    reader.vector("bytes", "u8"),
    reader.vector("offsets", "u32"),
  );
  reader.end();
  try {
    ids.validate();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`Ids of ${what} cannot be used: ${problem}`, {
      cause,
    });
  }
  return ids;
}

function loadSeen(
  tensors: NamedTensors,
  rows: number,
  cols: number,
): SeenMatrix {
  const reader = new TensorReader("Seen matrix", tensors);
  const indices = reader.vector("indices", "u32");
  const seen = {
    rows,
    cols,
    indptr: reader.vector("indptr", "u32", rows + 1),
    indices,
    ...(reader.has("values") && {
      values: reader.finite("values", indices.length),
    }),
  };
  reader.end();
  checkPattern("seen matrix", seen);
  return seen;
}

function longestRow({ rows, indptr }: SeenMatrix): number {
  let longest = 0;
  for (let row = 0; row < rows; row++) {
    longest = Math.max(longest, indptr[row + 1]! - indptr[row]!);
  }
  return longest;
}
