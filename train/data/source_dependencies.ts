import type { Events } from "../../core/config/events.ts";
import type { Store } from "../../core/storage/store.ts";

/** What a data source may touch. */
export interface SourceDependencies {
  readonly store: Store;
  readonly events: Events;
  /** Cap on the raw bytes of one file (`RECOTEM_MAX_DOWNLOAD_BYTES`). */
  readonly maxBytes: number;
}
