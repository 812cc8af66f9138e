import { pruneVersions } from "../artifact/prune_versions.ts";
import { describeFailure } from "../core/config/describe_failure.ts";
import type { Events } from "../core/config/events.ts";
import type { Output } from "../core/recipe/recipe.ts";
import type { Store } from "../core/storage/store.ts";

/** What {@linkcode keepVersions} works with. */
export interface KeepContext {
  readonly store: Store;
  readonly events: Events;
  readonly signal: AbortSignal;
  /** The time now. */
  now(): Date;
}

/**
 * Removes the versions of an output that its `keep` does not keep, after a publication. Tells `versions_pruned`, or warns
 * `versions_not_pruned`: what was published stays published when that fails.
 */
export async function keepVersions(
  output: Output,
  { store, events, signal, now }: KeepContext,
): Promise<void> {
  const { path, keep } = output;
  if (keep === null) return;
  try {
    const options = { keep, now: now(), signal };
    const removed = await pruneVersions(store, output, options);
    events.info("versions_pruned", { output: path, keep, removed });
  } catch (error) {
    const reason = describeFailure(error).text.trimEnd();
    events.warn("versions_not_pruned", { output: path, error: reason });
  }
}
