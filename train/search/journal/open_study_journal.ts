import type { Events } from "../../../core/config/events.ts";
import { RecotemError } from "../../../core/errors.ts";
import {
  identityStudy,
  refusal,
  type StudyIdentity,
} from "../study_identity.ts";
import type { Entry } from "./entry.ts";
import type { JournalFile } from "./journal_file.ts";
import { JournalWriter } from "./journal_writer.ts";
import { type ReadJournal, readJournal } from "./read_journal.ts";
import { StudyJournal } from "./study_journal.ts";

/** Options of {@linkcode openStudyJournal}. */
export interface StudyJournalOptions {
  /** Name of the writer, in each line. */
  readonly workerId: string;
  now(): Date;
  warn: Events["warn"];
}

/**
 * Goes on with the study of this identity, or begins it. A last line that was cut is removed, and trials that were
 * running are marked as failed, with a warning each: `study_journal_cut` and `study_trial_interrupted`. There may be one
 * writer at a time; Optuna's lock file is not used.
 *
 * @throws {RecotemError} `search_error` when the file is not a journal or belongs to another recipe; it is left as it is
 * then.
 */
export async function openStudyJournal(
  file: JournalFile,
  identity: StudyIdentity,
  { workerId, now, warn }: StudyJournalOptions,
): Promise<StudyJournal> {
  const bytes = await file.read();
  const { replay, length } = readOrRefuse(bytes, file.path);
  for (const study of replay.studies) {
    // A crash may have left the first of the entries that make a study.
    const begun = study.name === identity.name && study.trials.length === 0;
    const reason = begun ? null : refusal(study, identity);
    if (reason === null) continue;
    throw new RecotemError("search_error", `${file.path} ${reason}`);
  }
  if (length < bytes.length) {
    await file.truncate(length);
    warn("study_journal_cut", {
      path: file.path,
      removed_bytes: bytes.length - length,
    });
  }
  const writer = new JournalWriter(file, replay, workerId);
  const find = () => replay.studies.find(({ name }) => name === identity.name);
  if (!find()?.trials.length) {
    await writer.write(({ nextStudyId }) =>
      identityEntries(identity, find()?.id ?? nextStudyId)
    );
  }
  const study = find()!;
  const journal = new StudyJournal(study, writer, now);
  for (const { number, state } of study.trials) {
    if (state !== "running") continue;
    await journal.end(number, {
      state: "failed",
      score: null,
      attributes: { error: "Interrupted" },
    });
    warn("study_trial_interrupted", { trial: number });
  }
  return journal;
}

/** The entries that make a study of this identity; to repeat them does no harm. */
function identityEntries(identity: StudyIdentity, study_id: number): Entry[] {
  const { name, directions, userAttributes, systemAttributes } = identityStudy(
    identity,
  );
  return [
    { op_code: 0, study_name: name, directions },
    { op_code: 3, study_id, system_attr: systemAttributes },
    ...Object.entries(userAttributes).map(([name, value]): Entry => ({
      op_code: 2,
      study_id,
      user_attr: { [name]: value },
    })),
  ];
}

function readOrRefuse(bytes: Uint8Array, path: string): ReadJournal {
  try {
    return readJournal(bytes);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RecotemError(
      "search_error",
      `${path} is not an Optuna journal: ${error.message}; name a new file in training.storage_path`,
    );
  }
}
