import type { Events } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import { IdMap } from "../../core/models/id_map.ts";
import type { Cleansing, ColumnSchema } from "../../core/recipe/recipe.ts";
import type { Column, DataSource, SourceColumn } from "./data_source.ts";
import type { DataStats, Interactions } from "./interactions.ts";
import { buildMatrix } from "./_build_matrix.ts";
import { PairTable } from "./_pair_table.ts";
import { TimeReader } from "./_time_reader.ts";

/** Longest id that a request may carry; a longer one can be trained on but never asked for. */
const MAX_REQUEST_ID = 256;

/** Options of {@linkcode readInteractions}. */
export interface ReadOptions {
  readonly events: Events;
  readonly signal: AbortSignal;
}

/**
 * Reads a source to its end and cleanses it on the way: rows with a missing id are dropped, times parsed, repeats of a
 * (user, item) pair resolved in source row order, and what remains counted against the minimums.
 *
 * Memory is bounded by the distinct pairs, ids and one batch, not by the rows, unless `dedup: none` keeps repeats that have
 * times. Time is O(rows), plus sorting the ids.
 *
 * Throws `datasource_error` (a missing column, no rows, a missing id under `drop_null_ids: false`),
 * `time_unit_required`, `time_column_parse_error`, and `min_data_violation` with `n_*` and `min_*` in its details.
 * Ids longer than 256 characters are kept, with one warning, `ids_longer_than_requests_allow`.
 */
export async function readInteractions(
  source: DataSource,
  schema: ColumnSchema,
  cleansing: Cleansing,
  { events, signal }: ReadOptions,
): Promise<Interactions> {
  const { user_column, item_column, time_column } = schema;
  const columns: SourceColumn[] = [
    { name: user_column, role: "id" },
    { name: item_column, role: "id" },
  ];
  if (time_column !== null) columns.push({ name: time_column, role: "value" });
  const times = time_column === null
    ? null
    : new TimeReader(time_column, schema.time_unit);

  const users = new Map<string, number>();
  const items = new Map<string, number>();
  const pairs = new PairTable(cleansing.dedup, times !== null);
  let row = 0;
  let dropped = 0;
  let withoutId = 0;
  for await (const batch of source.batches(columns, signal)) {
    const userIds = idsOf(batch.columns, user_column);
    const itemIds = idsOf(batch.columns, item_column);
    const timeColumn = time_column === null
      ? undefined
      : columnOf(batch.columns, time_column);
    for (let i = 0; i < batch.rows; i++) {
      row++;
      const user = userIds[i] ?? null;
      const item = itemIds[i] ?? null;
      if (user === null || item === null) {
        if (!cleansing.drop_null_ids) {
          throw new RecotemError(
            "datasource_error",
            `Row ${row} has no id in column "${
              user === null ? user_column : item_column
            }", and cleansing.drop_null_ids is false`,
          );
        }
        dropped++;
        withoutId++;
        continue;
      }
      const time = times === null ? 0 : times.read(timeColumn!, i, row);
      if (!pairs.add(indexOf(users, user), indexOf(items, item), time)) {
        dropped++;
      }
    }
  }
  if (row === 0) {
    throw new RecotemError("datasource_error", "The source has no data rows");
  }
  const stats: DataStats = {
    rows: row - dropped,
    users: users.size,
    items: items.size,
    dropped,
    withoutId,
  };
  requireMinimums(stats, cleansing);
  warnOfLongIds(users, items, events);

  const userIds = IdMap.from([...users.keys()]);
  const itemIds = IdMap.from([...items.keys()]);
  return {
    users: userIds.map,
    items: itemIds.map,
    ...buildMatrix(pairs, userIds.rank, itemIds.rank),
    stats,
  };
}

function indexOf(ids: Map<string, number>, id: string): number {
  let index = ids.get(id);
  if (index === undefined) {
    index = ids.size;
    ids.set(id, index);
  }
  return index;
}

function columnOf(columns: ReadonlyMap<string, Column>, name: string): Column {
  const column = columns.get(name);
  if (column !== undefined) return column;
  throw new RecotemError(
    "datasource_error",
    `The source did not deliver column "${name}"`,
  );
}

function idsOf(
  columns: ReadonlyMap<string, Column>,
  name: string,
): readonly (string | null)[] {
  const column = columnOf(columns, name);
  if (column.type === "text") return column.values;
  throw new RecotemError(
    "datasource_error",
    `The source delivered column "${name}" as ${column.type}; ids must be text`,
  );
}

function requireMinimums(stats: DataStats, cleansing: Cleansing): void {
  const { min_rows, min_users, min_items } = cleansing;
  const tooFew: string[] = [];
  for (
    const [what, count, minimum] of [
      ["rows", stats.rows, min_rows],
      ["users", stats.users, min_users],
      ["items", stats.items, min_items],
    ] as const
  ) {
    if (minimum !== null && count < minimum) {
      tooFew.push(`${count} ${what}, fewer than min_${what} ${minimum}`);
    }
  }
  if (tooFew.length === 0 && stats.rows === 0) {
    tooFew.push("0 rows: each of them lacks an id");
  }
  if (tooFew.length === 0) return;
  throw new RecotemError(
    "min_data_violation",
    `After cleansing there are ${tooFew.join("; ")}`,
    {
      details: {
        n_rows: stats.rows,
        n_users: stats.users,
        n_items: stats.items,
        min_rows,
        min_users,
        min_items,
      },
    },
  );
}

function warnOfLongIds(
  users: ReadonlyMap<string, number>,
  items: ReadonlyMap<string, number>,
  events: Events,
): void {
  const longUsers = countLong(users);
  const longItems = countLong(items);
  if (longUsers + longItems === 0) return;
  events.warn("ids_longer_than_requests_allow", {
    users: longUsers,
    items: longItems,
    limit: MAX_REQUEST_ID,
  });
}

function countLong(ids: ReadonlyMap<string, number>): number {
  let count = 0;
  for (const id of ids.keys()) if (id.length > MAX_REQUEST_ID) count++;
  return count;
}
