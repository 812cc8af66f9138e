import type { Environment } from "../../core/config/environment.ts";
import type { Events } from "../../core/config/events.ts";
import type { DataSourcePlugin } from "./data_source_plugin.ts";
import type { Store } from "../../core/storage/store.ts";

/** What a data source may touch. */
export interface SourceDependencies {
  /** Where files are read. */
  readonly store: Store;
  /** Told of what is read. */
  readonly events: Events;
  /**
   * Cap on the raw bytes of a source's files together (`RECOTEM_MAX_DOWNLOAD_BYTES`); item metadata, read as a source of
   * its own, may have as many again.
   */
  readonly maxBytes: number;
  /** Where databases' DSNs, their caps and credentials of services are read; default: nowhere. */
  readonly env?: Environment;
  /** Source type → plugin that provides it; default: none. */
  readonly plugins?: ReadonlyMap<string, DataSourcePlugin>;
}
