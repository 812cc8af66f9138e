import type { Events } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import { valueHash } from "../../core/recipe/value_hash.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";
import type { DataStats } from "../data/interactions.ts";
import { journalLog } from "./journal/journal_log.ts";
import { openJournalFile } from "./journal/open_journal_file.ts";
import { openStudyJournal } from "./journal/open_study_journal.ts";
import { NO_LOG, type TrialLog } from "./trial_log.ts";

/** What {@linkcode openTrialLog} works with. */
export interface TrialLogOptions {
  readonly events: Events;
  /** Names the study, so that the same run goes on with it. */
  readonly runId: string;
  /** The time now. */
  now(): Date;
}

/**
 * Where `training.storage_path` keeps the trials of this run: an Optuna journal file, or nowhere when it is empty.
 *
 * @throws {RecotemError} `search_error` when trials cannot be kept there, or what is there belongs to something else.
 */
export async function openTrialLog(
  { name, source, schema, cleansing, training }: Recipe,
  stats: DataStats,
  { events, runId, now }: TrialLogOptions,
): Promise<TrialLog> {
  const { storage_path: path, split, metric, cutoff } = training;
  if (path === "") return NO_LOG;
  const file = await openJournalFile(path).catch((cause) => {
    throw new RecotemError(
      "search_error",
      `Cannot keep trials in ${path}: ${cause.name}; training.storage_path must be a file in a folder that is there`,
      { cause },
    );
  });
  const identity = {
    name: `recotem_${name}_${runId}`,
    recipe: name,
    fingerprint: await valueHash({
      source,
      schema,
      cleansing,
      split,
      stats,
    }),
    metric: `${metric}@${cutoff}`,
  };
  try {
    const journal = await openStudyJournal(file, identity, {
      workerId: runId,
      now,
      warn: events.warn,
    });
    return journalLog(journal, file, metric);
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}
