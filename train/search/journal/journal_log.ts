import type { Measurement } from "../../measurement.ts";
import type { Params } from "../draw.ts";
import type { LoggedTrial, TrialLog } from "../trial_log.ts";
import type { JournalTrial } from "./journal_study.ts";
import type { StudyJournal } from "./study_journal.ts";
import type { Training } from "../../../core/recipe/recipe.ts";

/** Attributes that make a trial of the journal one of the search; a trial that was cut off has none. */
interface Kept {
  readonly search_number: number;
  readonly algorithm: string;
  readonly evaluation: Measurement | null;
  readonly epochs: number | null;
  readonly seconds: number;
  readonly error: string | null;
}

/** Keeps the trials of a search in a study's journal, and closes its file at the end. */
export function journalLog(
  journal: StudyJournal,
  file: Disposable,
  metric: Training["metric"],
): TrialLog {
  const kept = new Map(
    journal.trials.flatMap((trial) => {
      const attributes = trial.userAttributes as Partial<Kept>;
      return attributes.search_number === undefined
        ? []
        : [[attributes.search_number, loggedTrial(trial)]];
    }),
  );
  return {
    get: (number) => kept.get(number) ?? null,
    [Symbol.dispose]: () => file[Symbol.dispose](),
    async begin(number, { name, space }, params) {
      const trial = await journal.begin({ algorithm: name, space, params });
      return {
        async end({ state, evaluation, epochs, curve, seconds, error }) {
          for (const [epoch, score] of curve) {
            await journal.report(trial, epoch, score);
          }
          const attributes: Kept = {
            search_number: number,
            algorithm: name,
            evaluation,
            epochs,
            seconds,
            error,
          };
          await journal.end(trial, {
            state,
            score: evaluation?.[metric] ?? null,
            attributes: { ...attributes },
          });
        },
      };
    },
  };
}

function loggedTrial(trial: JournalTrial): LoggedTrial {
  const { algorithm, evaluation, epochs, seconds, error } = trial
    .userAttributes as unknown as Kept;
  const params = Object.entries(trial.params)
    .map(([name, value]) => [name.slice(name.indexOf(".") + 1), value]);
  return {
    algorithm,
    state: trial.state as LoggedTrial["state"],
    params: Object.fromEntries(params) as Params,
    evaluation,
    epochs,
    curve: trial.intermediateValues,
    seconds,
    error,
  };
}
