import type { Events } from "../../../core/config/events.ts";
import { RecotemError } from "../../../core/errors.ts";
import type { Training } from "../../../core/recipe/recipe.ts";
import {
  identityStudy,
  refusal,
  type StudyIdentity,
} from "../study_identity.ts";
import type { TrialLog } from "../trial_log.ts";
import { type Database, DatabaseError, type Session } from "./database.ts";
import { DatabaseLog } from "./database_log.ts";
import { requireOptunaSchema } from "./optuna_schema.ts";
import {
  endInterrupted,
  insertStudy,
  readStudies,
  readTrials,
} from "./study_rows.ts";

/** Options of {@linkcode openDatabaseLog}. */
export interface DatabaseLogOptions {
  readonly identity: StudyIdentity;
  /** Gives a trial its score. */
  readonly metric: Training["metric"];
  /** Whether the study must be there, and this process is of no use without it. */
  readonly join: boolean;
  /** Ends the wait for a database that is away. */
  readonly signal: AbortSignal;
  now(): Date;
  warn: Events["warn"];
}

/**
 * Goes on with the study of this identity, or begins it, and closes the database at the end. An SQLite file belongs to one
 * recipe and one process at a time: trials that were running in it are marked as failed, with a warning each,
 * `study_trial_interrupted`.
 *
 * @throws {RecotemError} `search_error` when the database fails or holds something else, which is left as it is then, or
 * when there is no study to join; `config_error` when it refuses who asks.
 */
export async function openDatabaseLog(
  database: Database,
  options: DatabaseLogOptions,
): Promise<TrialLog> {
  try {
    const study = await database.transaction(async (session) => {
      await requireOptunaSchema(database, session);
      const id = await requireStudy(database, session, options);
      if (database.dialect === "sqlite") {
        await failRunning(session, id, options);
      }
      return id;
    });
    return new DatabaseLog(database, study, options);
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error instanceof DatabaseError
      ? storageFailure(database.name, error)
      : error;
  }
}

/** The refusal that a failure to open a database amounts to. */
export function storageFailure(
  name: string,
  error: DatabaseError,
): RecotemError {
  return new RecotemError(
    error.kind === "credentials" ? "config_error" : "search_error",
    `Cannot keep trials in ${name}: ${error.message}`,
    { cause: error },
  );
}

async function requireStudy(
  { dialect, name }: Database,
  session: Session,
  { identity, join }: DatabaseLogOptions,
): Promise<number> {
  const studies = await readStudies(session);
  let own: number | null = null;
  for (const [id, study] of studies) {
    if (study.name === identity.name) own = id;
    else if (dialect === "postgresql") continue;
    const reason = refusal(study, identity);
    if (reason !== null) {
      throw new RecotemError("search_error", `${name} ${reason}`);
    }
  }
  if (own === null && join) {
    throw new RecotemError(
      "search_error",
      `${name} has no study ${identity.name} to join: begin it with --run-id`,
    );
  }
  return own ?? await insertStudy(session, identityStudy(identity));
}

async function failRunning(
  session: Session,
  study: number,
  { now, warn }: DatabaseLogOptions,
): Promise<void> {
  for (const { id, position, state } of await readTrials(session, study, 0)) {
    if (state !== "running") continue;
    await endInterrupted(session, id, now());
    warn("study_trial_interrupted", { trial: position });
  }
}
