import type { Attributes } from "./journal/entry.ts";

/** What tells a study from others. */
export interface StudyIdentity {
  /** Name of the study, such as `recotem_shop_20260801`. */
  readonly name: string;
  /** Name of the recipe. */
  readonly recipe: string;
  /** Digest of all that a score depends on besides the trial: data, cleansing, split, weights. */
  readonly fingerprint: string;
  /** What the scores are, such as `ndcg@20`; the higher, the better. */
  readonly metric: string;
}

/** A study that a storage holds. */
export interface PresentStudy {
  readonly name: string;
  /** 1: minimise, 2: maximise; one per objective. */
  readonly directions: readonly number[];
  readonly userAttributes: Attributes;
  readonly systemAttributes: Attributes;
}

/** Optuna's code for values that are the better, the higher. */
const MAXIMIZE = 2;
const RECIPE = "recotem_recipe";
const FINGERPRINT = "recotem_fingerprint";
/** Optuna's dashboard takes the names of values from here. */
const METRIC_NAMES = "study:metric_names";

/** The study of an identity. */
export function identityStudy(
  { name, recipe, fingerprint, metric }: StudyIdentity,
): PresentStudy {
  return {
    name,
    directions: [MAXIMIZE],
    userAttributes: { [RECIPE]: recipe, [FINGERPRINT]: fingerprint },
    systemAttributes: { [METRIC_NAMES]: [metric] },
  };
}

/** Why a study may not be where that of this identity is kept, or null when it may. */
export function refusal(
  { name, directions, userAttributes, systemAttributes }: PresentStudy,
  identity: StudyIdentity,
): string | null {
  const owner = userAttributes[RECIPE];
  if (owner !== identity.recipe) {
    return `holds the study ${name} of ${
      owner === undefined ? "another program" : `the recipe ${owner}`
    }; give each recipe a training.storage_path of its own`;
  }
  if (name !== identity.name) return null;
  const same = String(directions) === String(MAXIMIZE) &&
    userAttributes[FINGERPRINT] === identity.fingerprint &&
    String(systemAttributes[METRIC_NAMES]) === identity.metric;
  return same
    ? null
    : `holds the study ${name} with other data, another split, metric or training.weights; use a new --run-id or another training.storage_path`;
}
