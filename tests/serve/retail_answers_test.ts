/**
 * What a server answers customers of the retail example, beside what follows from the definitions, worked out here item by
 * item over all 4,006.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { openRetail, type RetailItem } from "./retail_client.ts";

interface Answered {
  readonly items: readonly { item_id: string; score: number }[];
  readonly counts: { seen: number; filtered: number; filled: number };
  readonly fallback?: string;
  readonly explanations?: readonly {
    item_id: string;
    because: readonly { item_id: string; influence: number }[];
  }[];
}

const { client, recommender, items, has, weight } = await openRetail();
const NAMES = [...has.keys()];
/** Customers who have few items and many. */
const USERS = [0, 700, 1500, 2900, 4000].map((n) => NAMES[n]!);
const ALL = { limit: items.length, includeSeen: true };

async function ask<T = Answered>(
  body: object,
  verb: string = "recommend",
): Promise<T> {
  const response = await client.verb(`shop:${verb}`, body);
  const text = await response.text();
  assertEquals(response.status, 200, text);
  return JSON.parse(text);
}

function idsOf(answer: Answered): string[] {
  return answer.items.map(({ item_id }) => item_id);
}

/** Index → score, of all items that the model can say something of. */
function scoresOf(user: string): Map<number, number> {
  const index = recommender.users.indexOf(user);
  const { items, scores } = recommender.recommend(index, ALL);
  return new Map(Array.from(items, (item, n) => [item, scores[n]!]));
}

/** Indices by falling score, ties by index. */
function ranked(scores: ReadonlyMap<number, number>): number[] {
  return [...scores.keys()].sort((a, b) =>
    scores.get(b)! - scores.get(a)! || a - b
  );
}

function idsAt(indices: readonly number[], most: number): string[] {
  return indices.slice(0, most).map((item) => items[item]!.id);
}

/** What a customer does not have and a test takes, best first. */
function expected(
  user: string,
  takes: (item: RetailItem, index: number) => boolean = () => true,
): number[] {
  return ranked(scoresOf(user)).filter((item) =>
    !has.get(user)!.has(item) && takes(items[item]!, item)
  );
}

Deno.test("retail: scores are what a customer's items say for each, and what is not had comes by them", async () => {
  for (const user of USERS) {
    const own = [...has.get(user)!];
    const answer = await ask({ user_id: user, limit: 20 });
    for (const { item_id, score } of answer.items) {
      const to = recommender.items.indexOf(item_id);
      const sum = own.reduce((sum, from) => sum + weight(from, to), 0);
      assertAlmostEquals(score, sum, 1e-5);
    }
    assertEquals(idsOf(answer), idsAt(expected(user), 20));
  }
});

Deno.test("retail: filters leave the items that their tests take, and count the others", async () => {
  const filter = {
    and: [
      { field: "price", gte: 1, lt: 5 },
      { not: { field: "kind", in: ["Set", "Red", "Pack"] } },
      { or: [{ field: "title", gt: "M" }, { field: "kind", eq: "Lunch" }] },
    ],
  };
  function takes({ price, kind, title }: RetailItem): boolean {
    return price !== null && price >= 1 && price < 5 &&
      !["Set", "Red", "Pack"].includes(kind ?? "") &&
      title !== null && (title > "M" || kind === "Lunch");
  }
  for (const user of USERS) {
    const answer = await ask({ user_id: user, limit: 15, filter });
    const wanted = expected(user, takes);
    assertEquals(idsOf(answer), idsAt(wanted, 15));
    const seen = has.get(user)!.size;
    assertEquals(answer.counts, {
      seen,
      filtered: items.filter((item, index) =>
        !has.get(user)!.has(index) && !takes(item)
      ).length,
      filled: 0,
    });
  }
  assert(items.some(takes) && !items.every(takes));
});

Deno.test("retail: candidates are the only items that come, less what is excluded, with what is had when asked for", async () => {
  for (const user of USERS) {
    const own = [...has.get(user)!].slice(0, 3);
    const others = expected(user).slice(5, 25);
    const candidates = [...own, ...others].map((item) => items[item]!.id);
    const exclude_items = idsAt(others, 2);
    const body = { user_id: user, limit: 50, candidates, exclude_items };
    assertEquals(idsOf(await ask(body)), idsAt(others.slice(2), 50));
    const scores = scoresOf(user);
    const both = ranked(
      new Map([...own, ...others.slice(2)].map((item) => [
        item,
        scores.get(item)!,
      ])),
    );
    const again = await ask({ ...body, include_seen: true });
    assertEquals(idsOf(again), idsAt(both, 50));
  }
});

Deno.test("retail: boosts multiply the scores of what they take, one after another", async () => {
  const boosts = [
    { filter: { field: "price", gte: 3 }, factor: 2.5 },
    { filter: { field: "kind", eq: "Set" }, factor: 0.1 },
  ];
  for (const user of USERS) {
    const scores = scoresOf(user);
    for (const [item, score] of scores) {
      const { price, kind } = items[item]!;
      let boosted = score;
      if (price !== null && price >= 3) boosted = Math.fround(boosted * 2.5);
      if (kind === "Set") boosted = Math.fround(boosted * 0.1);
      scores.set(item, boosted);
    }
    const wanted = ranked(scores).filter((item) => !has.get(user)!.has(item));
    const answer = await ask({ user_id: user, limit: 20, boosts });
    assertEquals(idsOf(answer), idsAt(wanted, 20));
    assertEquals(
      answer.items.map(({ score }) => score),
      wanted.slice(0, 20).map((item) => scores.get(item)!),
    );
  }
});

Deno.test("retail: pins stand at their places with their own scores, and the others move back", async () => {
  for (const user of USERS) {
    const best = expected(user);
    const own = [...has.get(user)!][0]!;
    const pins = [
      { item_id: items[best[7]!]!.id, position: 0 },
      { item_id: items[own]!.id, position: 3 },
      { item_id: "no such item", position: 1 },
    ];
    const wanted = best.filter((item) => item !== best[7]);
    wanted.splice(0, 0, best[7]!);
    wanted.splice(3, 0, own);
    const answer = await ask({ user_id: user, limit: 6, pins });
    assertEquals(idsOf(answer), idsAt(wanted, 6));
    assertEquals(answer.items[3]!.score, scoresOf(user).get(own));
  }
});

Deno.test("retail: offset gives the pages of one list, also where it is boosted and pinned", async () => {
  const user = USERS[2]!;
  for (
    const more of [
      {},
      {
        boosts: [{ filter: { field: "price", lt: 1 }, factor: 3 }],
        pins: [{ item_id: items[expected(user)[30]!]!.id, position: 8 }],
      },
    ]
  ) {
    const whole = await ask({ user_id: user, limit: 18, ...more });
    const pages: Answered[] = [];
    for (const offset of [0, 6, 12]) {
      pages.push(await ask({ user_id: user, limit: 6, offset, ...more }));
    }
    assertEquals(pages.flatMap(({ items }) => items), whole.items);
  }
});

Deno.test("retail: a cap lets so many of one kind into the list, the best of each, those of no kind freely", async () => {
  const limit = 12;
  let changed = 0;
  for (const user of USERS) {
    const counts = new Map<string, number>();
    const wanted = expected(user).slice(0, 5 * limit).filter((item) => {
      const { kind } = items[item]!;
      if (kind === null) return true;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return counts.get(kind)! <= 1;
    });
    const answer = await ask({
      user_id: user,
      limit,
      diversity: { cap: { field: "kind", most: 1 } },
    });
    assertEquals(idsOf(answer), idsAt(wanted, limit));
    if (idsOf(answer).join() !== idsAt(expected(user), limit).join()) changed++;
  }
  assert(changed > 0);
});

Deno.test("retail: lambda weighs score against likeness to what stands above, by who has both", async () => {
  const limit = 10;
  const lambda = 0.4;
  const buyers = items.map((): Set<string> => new Set());
  for (const [name, own] of has) {
    for (const item of own) buyers[item]!.add(name);
  }
  function likeness(a: number, b: number): number {
    const shared = buyers[a]!.intersection(buyers[b]!).size;
    return shared / Math.sqrt(buyers[a]!.size * buyers[b]!.size);
  }
  for (const user of USERS) {
    const scores = scoresOf(user);
    const pool = expected(user).slice(0, 5 * limit);
    const best = scores.get(pool[0]!)!;
    const worst = scores.get(pool.at(-1)!)!;
    const chosen: number[] = [];
    while (chosen.length < limit) {
      const [next] = pool.filter((item) => !chosen.includes(item))
        .map((item): [number, number] => {
          const relevance = (scores.get(item)! - worst) / (best - worst);
          const nearest = Math.max(
            0,
            ...chosen.map((other) => likeness(item, other)),
          );
          return [item, lambda * relevance - (1 - lambda) * nearest];
        }).sort(([, a], [, b]) => b - a)[0]!;
      chosen.push(next);
    }
    const answer = await ask({ user_id: user, limit, diversity: { lambda } });
    assertEquals(idsOf(answer), idsAt(chosen, limit));
  }
});

Deno.test("retail: a visitor's items say what follows from them, and the explanation which", async () => {
  const session = [12, 800, 2500].map((item) => items[item]!.id);
  const own = [12, 800, 2500];
  const answer = await ask({
    items: [...session, "no such item", session[0]],
    limit: 10,
    explain: true,
  });
  const scores = new Map(
    items.map((_, to) => [
      to,
      own.reduce((sum, from) => sum + weight(from, to), 0),
    ]),
  );
  assertEquals(answer.counts.seen, own.length);
  for (const [n, { item_id, score }] of answer.items.entries()) {
    const to = recommender.items.indexOf(item_id);
    assert(!own.includes(to));
    assertAlmostEquals(score, scores.get(to)!, 1e-5);
    const { because, ...about } = answer.explanations![n]!;
    assertEquals(about, { item_id });
    const reasons = own.filter((from) => weight(from, to) > 0)
      .sort((a, b) => weight(b, to) - weight(a, to));
    assertEquals(
      because.map(({ item_id }) => item_id),
      idsAt(reasons, 3),
    );
    const told = because.reduce((sum, { influence }) => sum + influence, 0);
    assertAlmostEquals(told, score, 1e-5);
  }
  const floor = answer.items.at(-1)!.score;
  const better = [...scores].filter(([to, score]) =>
    !own.includes(to) && score > floor + 1e-5
  );
  assert(better.length < 10);
});

Deno.test("retail: whom the model does not know gets what most customers have, as the filter takes it", async () => {
  const counts = items.map(() => 0);
  for (const own of has.values()) for (const item of own) counts[item]!++;
  const best = ranked(new Map(counts.map((count, item) => [item, count])));
  for (const unknown of [{ user_id: "nobody" }, { items: ["no such item"] }]) {
    const body = { ...unknown, fallback: "popular", limit: 10 };
    const answer = await ask(body);
    assertEquals([answer.fallback, idsOf(answer)], [
      "popular",
      idsAt(best, 10),
    ]);
    assertEquals(answer.items[0]!.score, counts[best[0]!]);
    assertEquals(answer.counts.filled, 10);
    const filter = { field: "price", lt: 0.5 };
    const cheap = best.filter((item) => (items[item]!.price ?? 1) < 0.5);
    assertEquals(
      idsOf(await ask({ ...body, filter })),
      idsAt(cheap, 10),
    );
  }
});

Deno.test("retail: related items are those that the seeds say most for together", async () => {
  const seeds = [100, 2000];
  const seed_items = seeds.map((item) => items[item]!.id);
  const answer = await ask({ seed_items, limit: 8 }, "recommend-related");
  const last = answer.items.at(-1)!.score;
  for (const { item_id, score } of answer.items) {
    const to = recommender.items.indexOf(item_id);
    assert(!seeds.includes(to));
    const sum = seeds.reduce((sum, from) => sum + weight(from, to), 0);
    assertAlmostEquals(score, sum, 1e-5);
  }
  const better = items.filter((_, to) =>
    !seeds.includes(to) &&
    seeds.reduce((sum, from) => sum + weight(from, to), 0) > last + 1e-5
  );
  assert(better.length < 8);
});

Deno.test("retail: validate_only says that a request can be answered, as itself is, and gives no list", async () => {
  const bodies = [
    { user_id: USERS[0]!, filter: { field: "price", lt: 1 } },
    { items: [items[0]!.id], explain: true },
    { user_id: "nobody", fallback: "popular" },
  ];
  for (const body of bodies) {
    const { request_id, ...answer } = await ask<Record<string, unknown>>({
      ...body,
      validate_only: true,
    });
    assertEquals(typeof request_id, "string");
    assertEquals(answer.valid, true);
    assertEquals("items" in answer, false);
  }
  for (
    const [body, status] of [
      [{ user_id: "nobody" }, 404],
      [{ user_id: USERS[0]!, filter: { field: "size", eq: 1 } }, 422],
    ] as const
  ) {
    const validated = { ...body, validate_only: true };
    const response = await client.verb("shop:recommend", validated);
    assertEquals(response.status, status, await response.text());
  }
});
