import type { Random } from "../../../core/kernels/random.ts";
import {
  anySingle,
  ask,
  counts,
  itemsOf,
  type Ranking,
} from "./list_questions.ts";
import { CUSTOMER } from "./names.ts";
import type { Question } from "./question.ts";
import type { Version } from "./version.ts";

/** A part of a batch, and its result but for the index. */
interface Element {
  readonly request: object;
  readonly result: (version: Version) => object;
  /** Code of its failure. */
  readonly failed?: string;
}

function fails(request: object, code: string, message: string): Element {
  return {
    request,
    result: () => ({ status: "error", error: { code, message } }),
    failed: code,
  };
}

function batch(
  verb: string,
  elements: readonly Element[],
  more: object = {},
): Question {
  const failed = elements.flatMap((element) => element.failed ?? []);
  return ask(verb, {
    requests: elements.map(({ request }) => request),
    ...more,
  }, {
    counted: {
      verb: { recipe: "shop", verb, status: "ok" },
      batch: { size: elements.length, failed },
    },
    answer: (versionOf) => {
      const version = versionOf("shop");
      return {
        recipe: "shop",
        model_version: version.id,
        results: elements.map(({ result }, index) => ({
          index,
          ...result(version),
        })),
      };
    },
  });
}

/** A list without the items' fields. */
function bare(
  request: object,
  ranking: Ranking,
  more: object = {},
): Element {
  return {
    request,
    result: ({ n }) => ({
      status: "ok",
      items: ranking.map(([item_id, score]) => ({ item_id, score: score * n })),
      ...more,
    }),
  };
}

const NO_USER = fails(
  { user_id: `${CUSTOMER}stranger` },
  "UNKNOWN_USER",
  "The model does not know this user",
);
const NO_ITEMS = fails(
  { seed_items: ["none"] },
  "UNKNOWN_SEED_ITEMS",
  "The model knows none of the seed items",
);
const NOTHING = fails(
  {},
  "VALIDATION_ERROR",
  "user_id Is required, or items in its place",
);

const MIXED = batch("batch-recommend", [
  bare({ user_id: `${CUSTOMER}ann`, limit: 1 }, [["cheese", 5]]),
  NO_USER,
  bare(
    { items: ["bread"], limit: 1 },
    [["cheese", 3]],
    { counts: counts(1, 0) },
  ),
  NOTHING,
  NO_USER,
]);

const RELATED = batch("batch-recommend-related", [
  bare({ seed_items: ["apple"], limit: 2 }, [["cheese", 2], ["bread", 1]]),
  NO_ITEMS,
]);

/** A list with the items' fields. */
function full(random: Random): Element {
  const { user, ranking } = anySingle(random);
  return {
    request: { user_id: user, limit: 2 },
    result: (version) => ({ status: "ok", items: itemsOf(version, ranking) }),
  };
}

/** As long a batch as there may be, which others are let in between, swaps too. */
export function askLongBatch(random: Random): Question {
  const elements = Array.from({ length: 256 }, () => full(random));
  return batch("batch-recommend", elements, { include_metadata: true });
}

/** Asks for some lists. */
export function askBatch(random: Random): Question {
  switch (random.int(3)) {
    case 0:
      return MIXED;
    case 1:
      return RELATED;
    default: {
      const elements = Array.from(
        { length: 1 + random.int(32) },
        () => full(random),
      );
      return batch("batch-recommend", elements, { include_metadata: true });
    }
  }
}
