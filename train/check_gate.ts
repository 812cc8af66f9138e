import type { ArtifactCaps } from "../artifact/artifact_caps.ts";
import type { HeaderFields } from "../artifact/header.ts";
import { inspectArtifact } from "../artifact/inspect_artifact.ts";
import type { KeyRing } from "../artifact/key_ring.ts";
import type { Events } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import type { Store } from "../core/storage/store.ts";

/** What {@linkcode checkGate} works with. */
export interface GateContext extends ArtifactCaps {
  /** Where the published artifact is. */
  readonly store: Store;
  /** Verify the published artifact. */
  readonly keys: KeyRing;
  readonly events: Events;
  readonly signal: AbortSignal;
}

type Header = Readonly<Record<string, unknown>>;

/** What must be the same for two scores to be comparable. */
const SAME = ["recipe_name", "metric", "cutoff"] as const;
/** The same of `split`; a header of an earlier version does not tell. */
const SAME_SPLIT = [
  "scheme",
  "heldout_ratio",
  "test_user_ratio",
  "test_ratio",
] as const;

/**
 * Refuses a model that `training.gate` does not let through, by its header's `best_score`: below `min_score`, or below
 * that of the artifact now published at the output by more than the share `max_drop` of it. The published one is read
 * and verified as a server does it.
 *
 * The first artifact passes `max_drop`, and so does one that cannot be compared, with the warning `gate_not_comparable`:
 * where the published one cannot be verified or has no score, is of another recipe name, metric, cutoff or split.
 *
 * @throws {RecotemError} `gate_failed` with both scores in its details; `artifact_error` when the place of the published
 * artifact cannot be read, since nobody knows then how good it is.
 */
export async function checkGate(
  { training: { gate, metric, cutoff }, output }: Recipe,
  header: HeaderFields,
  context: GateContext,
): Promise<void> {
  const { min_score, max_drop } = gate;
  if (min_score === null && max_drop === null) return;
  const score = header.best_score ?? 0;
  const name = `${metric}@${cutoff}`;
  if (min_score !== null && score < min_score) {
    throw refusal(
      `The model's ${name}, ${score}, is below training.gate.min_score, ${min_score}`,
      "improve the data or the search, or lower min_score",
      { score, min_score },
    );
  }
  const published = max_drop === null
    ? null
    : await publishedScore(output.path, header, context);
  if (published !== null && score < published * (1 - max_drop!)) {
    throw refusal(
      `The model's ${name}, ${score}, is ${
        percent(1 - score / published)
      } below ${published}, that of the artifact published at ${output.path}; training.gate.max_drop allows ${
        percent(max_drop!)
      }`,
      "look at what changed in the data, or raise max_drop",
      { score, published_score: published, max_drop },
    );
  }
  context.events.info("gate_passed", {
    score,
    published_score: published,
    min_score,
    max_drop,
  });
}

function refusal(
  problem: string,
  remedy: string,
  details: Readonly<Record<string, unknown>>,
): RecotemError {
  return new RecotemError(
    "gate_failed",
    `${problem}: nothing was published; ${remedy}`,
    { details },
  );
}

/** Null when there is none, or none that can be compared with. */
async function publishedScore(
  uri: string,
  header: HeaderFields,
  context: GateContext,
): Promise<number | null> {
  const { store, events, signal } = context;
  if (await exists(store, uri, signal) === false) return null;
  const published = await inspect(uri, context);
  const reason = typeof published === "string"
    ? published
    : difference(published, header as unknown as Header);
  if (reason === null) return (published as Header).best_score as number;
  events.warn("gate_not_comparable", { published: uri, reason });
  return null;
}

async function exists(
  store: Store,
  uri: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return await store.stat(uri, signal) !== null;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new RecotemError(
      "artifact_error",
      `Cannot read ${uri}, whose score training.gate.max_drop needs: ${
        error instanceof Error ? error.message : String(error)
      }`,
      { cause: error },
    );
  }
}

/** The header of the published artifact, or why it is not to be trusted. */
async function inspect(
  uri: string,
  { store, ...options }: GateContext,
): Promise<Header | string> {
  try {
    return (await inspectArtifact(store, uri, options)).header;
  } catch (error) {
    const refused = error instanceof RecotemError &&
      error.code === "artifact_error";
    // With a cause, reading failed; tomorrow it may not.
    const unread = refused && error.details.reason === "read" &&
      error.cause !== undefined;
    if (!refused || unread) throw error;
    return error.message;
  }
}

/** Why two scores cannot be compared, or null when they can. */
function difference(published: Header, header: Header): string | null {
  if (typeof published.best_score !== "number") return "it has no score";
  const other = SAME.find((key) => published[key] !== header[key]);
  if (other !== undefined) {
    return `its ${other} is ${published[other]}, not ${header[other]}`;
  }
  const [before, now] = [published.split, header.split] as (Header | null)[];
  const part = SAME_SPLIT.find((key) => before && before[key] !== now![key]);
  return part === undefined
    ? null
    : `its split.${part} is ${before![part]}, not ${now![part]}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
