import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { checkRequest } from "../../../serve/requests/check_request.ts";
import { PREDICT_REQUEST } from "../../../serve/requests/predict_request.ts";
import { RECOMMEND_REQUEST } from "../../../serve/requests/recommend_request.ts";
import { RELATED_REQUEST } from "../../../serve/requests/related_request.ts";
import { parseStrictJson } from "../../../serve/strict_json.ts";

/** Values that are nearly right, for any field. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    "10",
    "",
    0,
    1,
    1.5,
    -1,
    1000,
    1001,
    1e300,
    "\ud800",
    "é".repeat(256),
    "é".repeat(257),
    "😀".repeat(256),
    "😀".repeat(257),
    [],
    ["a"],
    ["a", 1],
    [""],
    {},
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const body = fc.dictionary(
  fc.constantFrom(
    "user_id",
    "limit",
    "exclude_items",
    "seed_items",
    "cutoff",
    "__proto__",
    "constructor",
    "Limit",
  ),
  odd,
  { noNullPrototype: false },
);

function isId(value: unknown): boolean {
  return typeof value === "string" && value.isWellFormed() &&
    [...value].length >= 1 && [...value].length <= 256;
}

function isIds(value: unknown, least: number, most: number): boolean {
  return Array.isArray(value) && value.length >= least &&
    value.length <= most && value.every(isId);
}

function isLimit(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 &&
    value <= 1000;
}

type Rules = Record<
  string,
  { required?: true; holds: (value: unknown) => boolean }
>;

/** The rules of 13.2 in the plainest words. */
const RECOMMEND: Rules = {
  user_id: { required: true, holds: isId },
  limit: { holds: isLimit },
  exclude_items: { holds: (value) => value === null || isIds(value, 0, 1000) },
};
const RELATED: Rules = {
  seed_items: { required: true, holds: (value) => isIds(value, 1, 100) },
  limit: RECOMMEND.limit!,
  exclude_items: RECOMMEND.exclude_items!,
};
const PREDICT: Rules = {
  user_id: {
    required: true,
    holds: (value) => typeof value === "string" && value.isWellFormed(),
  },
  cutoff: { holds: isLimit },
};

function keeps(rules: Rules, value: object, strict: boolean): boolean {
  return Object.entries(rules).every(([field, { required, holds }]) =>
    Object.hasOwn(value, field)
      ? holds((value as Record<string, unknown>)[field])
      : !required
  ) && (!strict || Object.keys(value).every((field) =>
    Object.hasOwn(rules, field)
  ));
}

Deno.test("checkRequest() takes exactly what the rules take, of anything that strict JSON gives", () => {
  fc.assert(
    fc.property(body, (given) => {
      const value = parseStrictJson(JSON.stringify(given), 32) as object;
      for (
        const [form, rules, strict] of [
          [RECOMMEND_REQUEST, RECOMMEND, true],
          [RELATED_REQUEST, RELATED, true],
          [PREDICT_REQUEST, PREDICT, false],
        ] as const
      ) {
        const checked = checkRequest<unknown>(form, value);
        const { schema } = form;
        assertEquals(checkRequest<unknown>({ schema }, value), checked);
        assertEquals("request" in checked, keeps(rules, value, strict));
        if ("issues" in checked) assert(checked.issues.length > 0);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("checkRequest() gives what it was given, and the defaults of /predict", () => {
  const request = { user_id: "ann", limit: 3, exclude_items: ["a"] };
  assertEquals(checkRequest(RECOMMEND_REQUEST, request), { request });
  assertEquals(
    checkRequest(PREDICT_REQUEST, { user_id: "", other: 1 }),
    { request: { user_id: "", cutoff: 10 } },
  );
});

/** A filter so many deep. */
function nested(depth: number): unknown {
  return depth === 1 ? { field: "x", eq: 1 } : { not: nested(depth - 1) };
}

/** Equal tests of a field. */
function tests(count: number): unknown[] {
  return Array(count).fill(nested(1));
}

/** What is said beside user_id, where it is wrong, and the type of the issue; none where it is right. */
const CASES: [Record<string, unknown>, string?][] = [
  [{ limit: 1000, offset: 10_000 }],
  [{ offset: -1 }, "offset greater_than_equal"],
  [{ offset: 10_001 }, "offset less_than_equal"],
  [{ candidates: [] }, "candidates too_short"],
  [{ candidates: Array(1001).fill("a") }, "candidates too_long"],
  [{ exclude_items: Array(1001).fill("a") }, "exclude_items too_long"],
  [{ exclude_items: ["a", ""] }, "exclude_items.1 string_too_short"],
  [{ items: ["a"] }, "items value_error"],
  [{ user_id: undefined, items: Array(1001).fill("a") }, "items too_long"],
  [{ include_seen: 1 }, "include_seen bool_type"],
  [{ fallback: "random" }, "fallback literal_error"],
  [{ explain: true, limit: 90, offset: 10 }],
  [{ explain: true, limit: 90, offset: 11 }, "limit less_than_equal"],
  [{ diversity: { lambda: 0.5 }, limit: 101 }, "limit less_than_equal"],
  [{ diversity: { lambda: 1.1 } }, "diversity.lambda less_than_equal"],
  [{ diversity: { cap: { field: "x" } } }, "diversity.cap.most missing"],
  [{ diversity: { cap: { field: "x", most: 1 } }, limit: 1000 }],
  [
    { boosts: [{ filter: nested(1), factor: 0 }] },
    "boosts.0.factor greater_than_equal",
  ],
  [
    { boosts: Array(9).fill({ filter: nested(1), factor: 1 }) },
    "boosts too_long",
  ],
  [
    { pins: [{ item_id: "a", position: 0 }, { item_id: "a", position: 1 }] },
    "pins duplicate",
  ],
  [{ pins: Array(21).fill({ item_id: "a", position: 0 }) }, "pins too_long"],
  [{ filter: nested(8) }],
  [{ filter: nested(9) }, "filter filter_too_large"],
  [{ filter: { or: tests(63) } }],
  [{ filter: { or: tests(64) } }, "filter filter_too_large"],
  [{ filter: { and: [] } }, "filter.and too_short"],
  [{ filter: { field: "x" } }, "filter value_error"],
  [{ filter: 5 }, "filter filter"],
  [{ filter: { eq: 1 } }, "filter.field missing"],
  [{ filter: { field: "x", eq: null } }, "filter.eq value_type"],
  [{ filter: { not: { field: "x", eq: {} } } }, "filter.not.eq value_type"],
  [{ filter: { or: [{ nor: 1 }] } }, "filter.or.0 filter"],
  [{ filter: { field: "x", in: Array(101).fill(1) } }, "filter.in too_long"],
  [{ filter: { field: "x", lt: true } }, "filter.lt value_type"],
  [{ filter: { and: [nested(1)], or: [nested(1)] } }, "filter filter"],
  [
    { filter: { field: "x", eq: "a".repeat(257) } },
    "filter.eq string_too_long",
  ],
  [{ validate_only: "yes" }, "validate_only bool_type"],
];

Deno.test("checkRequest() bounds every optional field, and says where one is wrong", () => {
  for (const [part, wanted] of CASES) {
    const value = JSON.parse(JSON.stringify({ user_id: "ann", ...part }));
    const checked = checkRequest(RECOMMEND_REQUEST, value);
    const [first] = "issues" in checked ? checked.issues : [];
    const found = first && `${first.loc.slice(1).join(".")} ${first.type}`;
    assertEquals(found, wanted, JSON.stringify(part).slice(0, 200));
  }
});
