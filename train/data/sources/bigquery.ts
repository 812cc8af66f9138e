import type { BigQuerySource } from "../../../core/recipe/recipe.ts";
import type { DataSource, RowBatch, SourceColumn } from "../data_source.ts";
import type { SourceDependencies } from "../source_dependencies.ts";
export class BigQueryDataSource implements DataSource {
  readonly type = "bigquery";
  constructor(_c: BigQuerySource, _d: SourceDependencies) {}
  async probe(_signal: AbortSignal): Promise<void> {}
  async *batches(
    _columns: readonly SourceColumn[],
    _signal: AbortSignal,
  ): AsyncGenerator<RowBatch> {}
}
