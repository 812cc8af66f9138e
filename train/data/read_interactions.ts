import type { Events } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import { IdMap } from "../../core/models/id_map.ts";
import type { Cleansing, ColumnSchema } from "../../core/recipe/recipe.ts";
import type { Column, DataSource, SourceColumn } from "./data_source.ts";
import type { DataStats, Interactions } from "./interactions.ts";
import { IdHash } from "./id_hash.ts";
import { IdTable } from "./id_table.ts";
import { clearMissing, isMissing } from "./_missing_ids.ts";
import { PairRows } from "./_pair_rows.ts";
import { TimeReader } from "./_time_reader.ts";

/** Longest id that a request may carry; a longer one can be trained on but never asked for. */
const MAX_REQUEST_ID = 256;
/** Rows between two words on how far reading has come. */
const TOLD_ROWS = 2 ** 20;

/** Options of {@linkcode readInteractions}. */
export interface ReadOptions {
  readonly events: Events;
  readonly signal: AbortSignal;
}

/**
 * Reads a source to its end and cleanses it on the way: rows with a missing id are dropped, times parsed, repeats of a
 * (user, item) pair resolved in source row order, and what remains counted against the minimums.
 *
 * Memory is bounded by the distinct ids and pairs (of these up to four rows each, twice while they are sorted) and one
 * batch, not by the rows, unless `dedup: none` keeps repeats that have times. Time is O(rows), plus sorting the ids.
 *
 * Throws `datasource_error` (a missing column, no rows, a missing id under `drop_null_ids: false`),
 * `time_unit_required`, `time_column_parse_error`, and `min_data_violation` with `n_*` and `min_*` in its details.
 * Ids longer than 256 characters are kept, with one warning, `ids_longer_than_requests_allow`. Every million rows or so
 * `rows_read` tells how many there have been.
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

  const hash = new IdHash((numbers) => crypto.getRandomValues(numbers));
  const users = new IdTable(user_column, hash);
  const items = new IdTable(item_column, hash);
  const pairs = new PairRows(cleansing.dedup, times !== null);
  let row = 0;
  let withoutId = 0;
  let told = 0;
  for await (const batch of source.batches(columns, signal)) {
    const userIds = columnOf(batch.columns, user_column);
    const itemIds = columnOf(batch.columns, item_column);
    const timeColumn = time_column === null
      ? undefined
      : columnOf(batch.columns, time_column);
    const present = new Uint8Array(batch.rows).fill(1);
    clearMissing(userIds, present);
    clearMissing(itemIds, present);
    const userCodes = users.codesOf(userIds, present);
    const itemCodes = items.codesOf(itemIds, present);
    for (let i = 0; i < batch.rows; i++) {
      row++;
      if (present[i] === 0) {
        if (!cleansing.drop_null_ids) {
          throw new RecotemError(
            "datasource_error",
            `Row ${row} has no id in column "${
              isMissing(userIds, i) ? user_column : item_column
            }", and cleansing.drop_null_ids is false`,
          );
        }
        withoutId++;
        continue;
      }
      const time = times === null ? 0 : times.read(timeColumn!, i, row);
      pairs.add(userCodes[i]!, itemCodes[i]!, time);
    }
    if (row - told >= TOLD_ROWS) {
      told = row;
      events.debug("rows_read", { rows: row });
    }
  }
  if (row === 0) {
    throw new RecotemError("datasource_error", "The source has no data rows");
  }
  const userIds = IdMap.fromTexts(users.texts);
  const itemIds = IdMap.fromTexts(items.texts);
  const built = pairs.build(userIds.rank, itemIds.rank);
  const rows = cleansing.dedup === "none"
    ? row - withoutId
    : built.matrix.indices.length;
  const stats: DataStats = {
    rows,
    users: users.size,
    items: items.size,
    dropped: row - rows,
    withoutId,
  };
  requireMinimums(stats, cleansing);
  warnOfLongIds(users, items, events);
  return { users: userIds.map, items: itemIds.map, ...built, stats };
}

function columnOf(columns: ReadonlyMap<string, Column>, name: string): Column {
  const column = columns.get(name);
  if (column !== undefined) return column;
  throw new RecotemError(
    "datasource_error",
    `The source did not deliver column "${name}"`,
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

function warnOfLongIds(users: IdTable, items: IdTable, events: Events): void {
  const longUsers = users.countLonger(MAX_REQUEST_ID);
  const longItems = items.countLonger(MAX_REQUEST_ID);
  if (longUsers + longItems === 0) return;
  events.warn("ids_longer_than_requests_allow", {
    users: longUsers,
    items: longItems,
    limit: MAX_REQUEST_ID,
  });
}
