import type { StoredEntry } from "../core/storage/store.ts";
import {
  isTemporaryName,
  isVersionName,
  siblingNames,
} from "./_version_names.ts";

/** No write takes that long between two of its bytes. */
const ABANDONED_MILLISECONDS = 3_600_000;

/** What is known of a folder before something is removed from it. */
export interface PruningFacts {
  readonly entries: readonly StoredEntry[];
  /** Name of the output without its ending. */
  readonly stem: string;
  /** Name of the version that the output's own pointer names; null when it names none. */
  readonly published: string | null;
  /** Names that other pointers of the folder name. */
  readonly pointed: ReadonlySet<string>;
  /** How many versions stay, the published one among them. */
  readonly keep: number;
  readonly now: Date;
}

/** Names to remove. */
export interface PruningPlan {
  /** Versions, the oldest first. */
  readonly versions: readonly string[];
  /** What stands beside those. */
  readonly siblings: readonly string[];
  /** Files of writes that were killed. */
  readonly temporary: readonly string[];
}

/**
 * Says what may go: of the versions that are older than the published one all but the `keep - 1` newest, as long as no
 * pointer names them.
 *
 * What is not older than the published one stays, and is not counted: it may be a version whose pointer another run is
 * about to write. Such a run has looked at what is published after that was published, or it will fail; so its version
 * is the younger one.
 */
export function planPruning(facts: PruningFacts): PruningPlan {
  const { entries, stem, published, pointed, keep, now } = facts;
  const current = entries.find(({ name }) => name === published);
  const older = current === undefined ? [] : entries
    .filter(({ name, modified }) =>
      isVersionName(name, stem) && modified < current.modified
    )
    .sort((a, b) =>
      b.modified.getTime() - a.modified.getTime() || (a.name < b.name ? -1 : 1)
    );
  const versions = older.slice(keep - 1).map(({ name }) => name)
    .filter((name) => !pointed.has(name)).reverse();
  const names = new Set(entries.map(({ name }) => name));
  return {
    versions,
    siblings: versions.flatMap(siblingNames).filter((name) => names.has(name)),
    temporary: entries
      .filter(({ name, modified }) =>
        isTemporaryName(name) &&
        now.getTime() - modified.getTime() > ABANDONED_MILLISECONDS
      )
      .map(({ name }) => name),
  };
}
