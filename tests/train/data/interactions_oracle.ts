/**
 * What reading interactions means, written as plainly as can be: maps of strings, one row after another.
 *
 * @module
 */

import type { Cleansing } from "../../../core/recipe/recipe.ts";

/** A row; its time in milliseconds, NaN for one that cannot be read. */
export type OracleRow = readonly [
  user: string | null,
  item: string | null,
  time: number,
];

/** All of the interactions, in plain values. */
export interface PlainInteractions {
  readonly users: string[];
  readonly items: string[];
  readonly indptr: number[];
  readonly indices: number[];
  readonly values: number[];
  readonly times: number[];
  readonly repeats: { positions: number[]; times: number[] } | null;
  readonly stats: Readonly<Record<string, number>>;
}

interface Pair {
  readonly user: string;
  readonly item: string;
  count: number;
  time: number;
}

/** The interactions of rows with times; throws `Error` with the row's number for a missing id or a bad time. */
export function plainInteractions(
  rows: readonly OracleRow[],
  { dedup, drop_null_ids }: Pick<Cleansing, "dedup" | "drop_null_ids">,
): PlainInteractions {
  const pairs = new Map<string, Pair>();
  const repeats: { pair: Pair; time: number }[] = [];
  let withoutId = 0;
  let dropped = 0;
  for (const [index, [user, item, time]] of rows.entries()) {
    if (user === null || item === null) {
      if (!drop_null_ids) throw new Error(`Row ${index + 1} has no id`);
      withoutId++;
      continue;
    }
    if (isNaN(time)) throw new Error(`Time in row ${index + 1}`);
    const key = JSON.stringify([user, item]);
    const pair = pairs.get(key);
    if (pair === undefined) pairs.set(key, { user, item, count: 1, time });
    else if (dedup === "none") {
      pair.count++;
      repeats.push({ pair, time: Math.max(pair.time, time) });
      pair.time = Math.min(pair.time, time);
    } else {
      dropped++;
      if (dedup === "keep_last") pair.time = time;
    }
  }
  const all = [...pairs.values()];
  const users = sorted(all.map(({ user }) => user));
  const items = sorted(all.map(({ item }) => item));
  const userAt = new Map(users.map((id, at) => [id, at]));
  const itemAt = new Map(items.map((id, at) => [id, at]));
  all.sort((a, b) =>
    userAt.get(a.user)! - userAt.get(b.user)! ||
    itemAt.get(a.item)! - itemAt.get(b.item)!
  );
  return {
    users,
    items,
    indptr: [0, ...users].map((_, at) =>
      all.filter(({ user }) => userAt.get(user)! < at).length
    ),
    indices: all.map(({ item }) => itemAt.get(item)!),
    values: all.map(({ count }) => count),
    times: all.map(({ time }) => time),
    repeats: repeats.length === 0 ? null : {
      positions: repeats.map(({ pair }) => all.indexOf(pair)),
      times: repeats.map(({ time }) => time),
    },
    stats: {
      rows: rows.length - withoutId - dropped,
      users: users.length,
      items: items.length,
      dropped: withoutId + dropped,
      withoutId,
    },
  };
}

/** Distinct texts by their UTF-8 bytes, which is the order of code points. */
function sorted(ids: readonly string[]): string[] {
  const points = (id: string) => Array.from(id, (char) => char.codePointAt(0)!);
  return [...new Set(ids)].sort((a, b) => {
    const [left, right] = [points(a), points(b)];
    const at = left.findIndex((point, i) => point !== right[i]);
    return at < 0 ? left.length - right.length : left[at]! - (right[at] ?? -1);
  });
}
