import { RecotemError } from "../../core/errors.ts";
import type { CsvSource, ParquetSource } from "../../core/recipe/recipe.ts";
import type { FilePattern } from "../../core/recipe/file_pattern.ts";
import type { StoredEntry } from "../../core/storage/store.ts";
import type { DataSource, RowBatch, SourceColumn } from "./data_source.ts";
import { DecodedBytes } from "./decoded_bytes.ts";
import { MAX_EXPANSION } from "./max_expansion.ts";
import type { SourceDependencies } from "./source_dependencies.ts";

/** How one of the files is read. */
type OpenFile = (path: string, decoded: DecodedBytes) => DataSource;

/**
 * Rows of several files, one file after another in the order of their names; those without rows, or without even a
 * header, are passed over. The caps on raw and on decompressed bytes are for all of them together.
 */
export class FilesDataSource implements DataSource {
  readonly type: string;
  readonly #path: string;
  readonly #pattern: FilePattern;
  readonly #dependencies: SourceDependencies;
  readonly #open: OpenFile;

  /** A source of the files that `config.path` names by `pattern`; nothing is opened yet. */
  constructor(
    { type, path }: Pick<CsvSource | ParquetSource, "type" | "path">,
    pattern: FilePattern,
    dependencies: SourceDependencies,
    open: OpenFile,
  ) {
    this.type = type;
    this.#path = path;
    this.#pattern = pattern;
    this.#dependencies = dependencies;
    this.#open = open;
  }

  /** Checks that there are files, and that they are not larger than the cap. */
  async probe(signal: AbortSignal): Promise<void> {
    await this.#list(signal);
  }

  /** The batches of each file; all must have the asked-for columns. */
  async *batches(
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const { maxBytes } = this.#dependencies;
    const decoded = new DecodedBytes(this.#path, maxBytes * MAX_EXPANSION);
    for (const path of await this.#list(signal)) {
      signal.throwIfAborted();
      try {
        yield* this.#open(path, decoded).batches(columns, signal);
      } catch (error) {
        const empty = error instanceof RecotemError &&
          error.details.reason === "no_rows";
        if (!empty) throw error;
      }
    }
  }

  /** The paths of the files, sorted. */
  async #list(signal: AbortSignal): Promise<string[]> {
    const { store, maxBytes } = this.#dependencies;
    const { folder, matches } = this.#pattern;
    let entries: StoredEntry[];
    try {
      entries = await Array.fromAsync(store.list(folder, signal));
    } catch (cause) {
      signal.throwIfAborted();
      if (!(cause instanceof Deno.errors.NotFound)) {
        const [reason] = String(cause).split("\n");
        throw this.#error(`cannot be listed: ${reason}`, cause);
      }
      entries = [];
    }
    const named = entries.filter(({ name }) => matches(name));
    if (named.length === 0) throw this.#error("names no file that is there");
    const files = named.filter(({ size }) => size > 0);
    if (files.length === 0) throw this.#error("names no file but empty ones");
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    if (bytes > maxBytes) {
      throw this.#error(
        `names files of ${bytes} bytes, more than the ${maxBytes} that RECOTEM_MAX_DOWNLOAD_BYTES allows`,
      );
    }
    return files.map(({ name }) => folder + name).sort();
  }

  #error(what: string, cause?: unknown): RecotemError {
    return new RecotemError("datasource_error", `${this.#path} ${what}`, {
      cause,
    });
  }
}
