import type { Attributes, Entry } from "./entry.ts";
import type { JournalStudy } from "./journal_study.ts";

/** What tells a study from others. */
export interface StudyIdentity {
  /** Name of the study, such as `recotem_shop_20260801`. */
  readonly name: string;
  /** Name of the recipe. */
  readonly recipe: string;
  /** Digest of all that a score depends on besides the trial: data, cleansing, split. */
  readonly fingerprint: string;
  /** What the scores are, such as `ndcg@20`; the higher, the better. */
  readonly metric: string;
}

/** Optuna's code for values that are the better, the higher. */
const MAXIMIZE = 2;
const RECIPE = "recotem_recipe";
const FINGERPRINT = "recotem_fingerprint";
/** Optuna's dashboard takes the names of values from here. */
const METRIC_NAMES = "study:metric_names";

/** The entries that make a study of this identity; to repeat them does no harm. */
export function identityEntries(
  { name, recipe, fingerprint, metric }: StudyIdentity,
  study_id: number,
): Entry[] {
  const user = (user_attr: Attributes) =>
    ({ op_code: 2, study_id, user_attr }) as const;
  return [
    { op_code: 0, study_name: name, directions: [MAXIMIZE] },
    { op_code: 3, study_id, system_attr: { [METRIC_NAMES]: [metric] } },
    user({ [RECIPE]: recipe }),
    user({ [FINGERPRINT]: fingerprint }),
  ];
}

/** Why a study may not be in a journal of this identity, or null when it may. */
export function refusal(
  study: JournalStudy,
  { name, recipe, fingerprint, metric }: StudyIdentity,
): string | null {
  const { directions, userAttributes, systemAttributes, trials } = study;
  const own = study.name === name && String(directions) === String(MAXIMIZE);
  // A crash may have left the first of the entries that make a study.
  if (own && trials.length === 0) return null;
  const owner = userAttributes[RECIPE];
  if (owner !== recipe) {
    return `holds the study ${study.name} of ${
      owner === undefined ? "another program" : `the recipe ${owner}`
    }; give each recipe a training.storage_path of its own`;
  }
  const same = own && userAttributes[FINGERPRINT] === fingerprint &&
    String(systemAttributes[METRIC_NAMES]) === metric;
  return same || study.name !== name
    ? null
    : `holds the study ${name} with other data, another split or another metric; use a new --run-id or another training.storage_path`;
}
