import type { ArtifactCaps } from "../artifact/artifact_caps.ts";
import type { KeyRing } from "../artifact/key_ring.ts";
import type { Environment } from "../core/config/environment.ts";
import { type Events, SILENT } from "../core/config/events.ts";
import { VARIABLES } from "../core/config/variables.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import { createStore } from "../core/storage/create_store.ts";
import type { Store } from "../core/storage/store.ts";
import type { DataSourcePlugin } from "./data/data_source_plugin.ts";
import type { StorageCredentials } from "./search/database/open_postgresql.ts";

/** Options of {@linkcode train}. */
export interface TrainOptions extends Partial<ArtifactCaps> {
  /** The first key signs the artifact. */
  readonly keys: KeyRing;
  /** Where sources are and the artifact goes; default: local files. */
  readonly store?: Store;
  /**
   * What the final model is fitted with. Default: WebAssembly on a worker for each processor, and the device of the
   * recipe; ended after training.
   */
  readonly kernels?: Kernels;
  /** Default: silent. */
  readonly events?: Events;
  /** Stops training; nothing is published then. */
  readonly signal?: AbortSignal;
  /** Where databases' DSNs and credentials of services are read; default: nowhere. */
  readonly env?: Environment;
  /** Source type → plugin that provides it; default: none. */
  readonly plugins?: ReadonlyMap<string, DataSourcePlugin>;
  /** Cap on the raw bytes of one source; default: 256 MiB. */
  readonly maxDownloadBytes?: number;
  /**
   * Memory that the trials of a search that run at once may take together, in bytes; what is estimated to need more than
   * its share is not tried. Default: 4 GiB for each, the most that a trial can use.
   */
  readonly maxMemoryBytes?: number;
  /** Folder that local outputs must lie in; default: no such rule. */
  readonly artifactRoot?: string | null;
  /** The recipe as it was written, variables not filled in, for the report; default: it says none. */
  readonly recipeText?: string | null;
  /** Name of this run in events; default: 12 random hex digits. */
  readonly runId?: string;
  /** Who asks the database server of `training.storage_path`; default: nobody. */
  readonly storageCredentials?: StorageCredentials | null;
  /** Which trials are told of: none, all, or all with their parameters; default: all. */
  readonly verbosity?: "quiet" | "normal" | "verbose";
  /** The time now. */
  now?(): Date;
  /** Called as facts become known, for the report of a run that fails later. */
  note?(facts: Readonly<Record<string, unknown>>): void;
}

/** Options of {@linkcode joinSearch}, which signs nothing. */
export type JoinOptions = Omit<TrainOptions, "keys">;

/** What a training works with: its options, all there. */
export type TrainContext = Required<Omit<TrainOptions, "kernels">>;
/** What a search works with. */
export type SearchContext = Omit<TrainContext, "keys">;

/** Fills in what the options leave open. */
export function contextOf<T extends JoinOptions>(
  options: T,
): SearchContext & T {
  return {
    store: createStore(),
    env: new Map<string, string>(),
    plugins: new Map<string, DataSourcePlugin>(),
    events: SILENT,
    signal: new AbortController().signal,
    maxArtifactBytes: VARIABLES.RECOTEM_MAX_ARTIFACT_BYTES.default,
    maxPayloadBytes: VARIABLES.RECOTEM_MAX_PAYLOAD_BYTES.default,
    maxDownloadBytes: VARIABLES.RECOTEM_MAX_DOWNLOAD_BYTES.default,
    maxMemoryBytes: Infinity,
    artifactRoot: null,
    recipeText: null,
    runId: randomRunId(),
    storageCredentials: null,
    verbosity: "normal",
    now: () => new Date(),
    note() {},
    ...options,
  };
}

/** A name for a run: 12 random hex digits. */
export function randomRunId(): string {
  return crypto.getRandomValues(new Uint8Array(6)).toHex();
}
