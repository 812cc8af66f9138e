import type { Events } from "../../core/config/events.ts";
import { valueHash } from "../../core/recipe/value_hash.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";
import { studyStorage } from "../../core/recipe/study_storage.ts";
import type { DataStats } from "../data/interactions.ts";
import { storageFileFailure } from "./_storage_file_failure.ts";
import { checkStorage } from "./check_storage.ts";
import type { Database } from "./database/database.ts";
import { DatabaseError } from "./database/database.ts";
import {
  type DatabaseLogOptions,
  openDatabaseLog,
  storageFailure,
} from "./database/open_database_log.ts";
import {
  openPostgresql,
  type StorageCredentials,
} from "./database/open_postgresql.ts";
import { openSqlite } from "./database/open_sqlite.ts";
import { journalLog } from "./journal/journal_log.ts";
import { openJournalFile } from "./journal/open_journal_file.ts";
import { openStudyJournal } from "./journal/open_study_journal.ts";
import { NO_LOG, type TrialLog } from "./trial_log.ts";

/** What {@linkcode openTrialLog} works with. */
export interface TrialLogOptions {
  readonly events: Events;
  /** Names the study, so that the same run goes on with it. */
  readonly runId: string;
  /** Who asks a database server; null: nobody. */
  readonly credentials: StorageCredentials | null;
  /** Whether the study is another run's. */
  readonly join: boolean;
  readonly signal: AbortSignal;
  /** The time now. */
  now(): Date;
}

/**
 * Where `training.storage_path` keeps the trials of this run: an Optuna journal file, a database with Optuna's tables, or
 * nowhere when it is empty.
 *
 * @throws {RecotemError} `search_error` when trials cannot be kept there, or what is there belongs to something else;
 * `config_error` when a server is told nobody, or refuses who asks.
 */
export async function openTrialLog(
  { name, source, schema, cleansing, training }: Recipe,
  stats: DataStats,
  options: TrialLogOptions,
): Promise<TrialLog> {
  const { storage_path, split, metric, cutoff, weights } = training;
  checkStorage(storage_path, options.credentials);
  const storage = studyStorage(storage_path);
  if (storage.type === "memory" || storage.type === "refused") return NO_LOG;
  const { events, runId, signal, join, now } = options;
  const fingerprint = await valueHash({
    source,
    schema,
    cleansing,
    split,
    weights,
    stats,
  });
  const identity = {
    name: `recotem_${name}_${runId}`,
    recipe: name,
    fingerprint,
    metric: `${metric}@${cutoff}`,
  };
  const { warn } = events;
  const shared = { identity, metric, join, signal, now, warn };
  switch (storage.type) {
    case "journal":
      return await openJournal(storage.path, runId, shared);
    case "sqlite":
      return await openDatabaseLog(await sqlite(storage.path), shared);
    case "postgresql":
      return await openDatabaseLog(
        openPostgresql(storage, options.credentials!),
        shared,
      );
  }
}

async function openJournal(
  path: string,
  workerId: string,
  { identity, metric, now, warn }: DatabaseLogOptions,
): Promise<TrialLog> {
  const file = await openJournalFile(path).catch((cause) => {
    throw storageFileFailure(path, cause);
  });
  try {
    const options = { workerId, now, warn };
    const journal = await openStudyJournal(file, identity, options);
    return journalLog(journal, file, metric);
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

async function sqlite(path: string): Promise<Database> {
  try {
    return await openSqlite(path);
  } catch (error) {
    throw error instanceof DatabaseError ? storageFailure(path, error) : error;
  }
}
