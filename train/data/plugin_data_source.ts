import { RecotemError } from "../../core/errors.ts";
import type { PluginSource } from "../../core/recipe/recipe.ts";
import type { DataSource, RowBatch, SourceColumn } from "./data_source.ts";
import type { DataSourcePlugin } from "./data_source_plugin.ts";
import type { SourceDependencies } from "./source_dependencies.ts";

/** The source of a plugin; whatever fails in it is a fault of the data source. */
export class PluginDataSource implements DataSource {
  readonly type: string;
  readonly #source: DataSource;

  /**
   * Asks the plugin for its source.
   *
   * @throws {RecotemError} `datasource_error` when the plugin refuses the options.
   */
  constructor(
    { name, options }: PluginSource,
    plugin: DataSourcePlugin,
    dependencies: SourceDependencies,
  ) {
    this.type = name;
    try {
      this.#source = plugin.create(options, dependencies);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async probe(signal: AbortSignal): Promise<void> {
    try {
      await this.#source.probe(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failure(error);
    }
  }

  async *batches(
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {
    const batches = this.#source.batches(columns, signal)
      [Symbol.asyncIterator]();
    try {
      for (;;) {
        let next: IteratorResult<RowBatch>;
        try {
          next = await batches.next();
        } catch (error) {
          signal.throwIfAborted();
          throw this.#failure(error);
        }
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await batches.return?.();
    }
  }

  #failure(cause: unknown): RecotemError {
    if (cause instanceof RecotemError) return cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    return new RecotemError(
      "datasource_error",
      `Source ${this.type} failed: ${text.split("\n")[0]}`,
      { cause },
    );
  }
}
