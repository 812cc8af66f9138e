import type { Training } from "../../../core/recipe/recipe.ts";
import {
  loggedTrial,
  outcomeAttributes,
  SEARCH_NUMBER,
  searchTrial,
} from "../stored_trial.ts";
import type { LoggedTrial, TrialLog } from "../trial_log.ts";
import type { StudyJournal } from "./study_journal.ts";

/** Keeps the trials of a search in a study's journal, and closes its file at the end. */
export function journalLog(
  journal: StudyJournal,
  file: Disposable,
  metric: Training["metric"],
): TrialLog {
  const kept = new Map<number, LoggedTrial>();
  for (const trial of journal.trials) {
    const logged = loggedTrial(trial);
    if (logged) kept.set(searchTrial(trial)!.number, logged);
  }
  return {
    get: (number) => kept.get(number) ?? null,
    async take(number, { algorithm: find, choose }) {
      const ended = kept.get(number);
      const known = ended && find(ended.algorithm);
      if (known) {
        const { params } = ended;
        return { type: "ended", algorithm: known, params, outcome: ended };
      }
      const choice = choose();
      if (choice === null) return null;
      const { algorithm: { name, space }, params } = choice;
      const trial = await journal.begin({ algorithm: name, space, params });
      return {
        type: "own",
        ...choice,
        end: (outcome) =>
          journal.end(trial, {
            state: outcome.state,
            score: outcome.evaluation?.[metric] ?? null,
            curve: outcome.curve,
            attributes: {
              [SEARCH_NUMBER]: number,
              ...outcomeAttributes(outcome),
            },
          }),
      };
    },
    [Symbol.asyncDispose]() {
      file[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
